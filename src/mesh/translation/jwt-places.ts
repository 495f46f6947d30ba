/** For whom tokens are and where they are looked for: said alike by Istio's JWTRule and Envoy's JwtProvider, in words of their own. */
import type { JwtProvider } from "#engine";
import { type Field, items, text, texts } from "./field.ts";

interface PlaceWords {
  headers: string;
  prefix: string;
  params: string;
  cookies: string;
}

/** Lists that are empty are left out: none is said. */
export function readJwtPlaces(
  field: Field,
  words: PlaceWords,
): Pick<JwtProvider, "audiences" | "fromHeaders" | "fromParams" | "fromCookies"> {
  const audiences = texts(field, "audiences");
  const fromHeaders = items(field, words.headers).map((header) => {
    const prefix = text(header, words.prefix);
    return { name: text(header, "name") ?? "", ...(prefix === undefined ? {} : { prefix }) };
  });
  const fromParams = texts(field, words.params);
  const fromCookies = texts(field, words.cookies);
  return {
    ...(audiences.length > 0 ? { audiences } : {}),
    ...(fromHeaders.length > 0 ? { fromHeaders } : {}),
    ...(fromParams.length > 0 ? { fromParams } : {}),
    ...(fromCookies.length > 0 ? { fromCookies } : {}),
  };
}
