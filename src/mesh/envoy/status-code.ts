/** type.v3.HttpStatus: a code by number, or by the name of Envoy's StatusCode enumeration. */
import { type Field, number, text } from "../translation/field.ts";

const codes: Readonly<Record<string, number>> = {
  OK: 200,
  Created: 201,
  Accepted: 202,
  NoContent: 204,
  MovedPermanently: 301,
  Found: 302,
  SeeOther: 303,
  NotModified: 304,
  TemporaryRedirect: 307,
  PermanentRedirect: 308,
  BadRequest: 400,
  Unauthorized: 401,
  PaymentRequired: 402,
  Forbidden: 403,
  NotFound: 404,
  MethodNotAllowed: 405,
  NotAcceptable: 406,
  RequestTimeout: 408,
  Conflict: 409,
  Gone: 410,
  PayloadTooLarge: 413,
  UnprocessableEntity: 422,
  Locked: 423,
  TooEarly: 425,
  PreconditionRequired: 428,
  TooManyRequests: 429,
  UnavailableForLegalReasons: 451,
  InternalServerError: 500,
  NotImplemented: 501,
  BadGateway: 502,
  ServiceUnavailable: 503,
  GatewayTimeout: 504,
  InsufficientStorage: 507,
};

export function statusCode(field: Field | undefined, ...path: string[]): number | undefined {
  return number(field, ...path) ?? codes[text(field, ...path) ?? ""];
}
