/** Envoy's words for what is wrong with a token, those that more is made of than a text. */
export const missing = "Jwt is missing";
export const unknownIssuer = "Jwt issuer is not configured";
export const wrongAudience = "Audiences in Jwt are not allowed";
