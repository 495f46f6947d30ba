/** Who the client of an HttpConnectionManager's requests is: x-forwarded-for, trusted hops, original-IP detection extensions. */
import type { ClientAddressPolicy, OriginalIpDetection } from "#engine";
import { at, type Field, flag, items, number, text } from "../translation/field.ts";
import { statusCode } from "./status-code.ts";

export function readClientAddress(manager: Field): ClientAddressPolicy {
  const trustedHops = number(manager, "xff_num_trusted_hops") ?? 0;
  const written = items(manager, "original_ip_detection_extensions").flatMap((one) => readDetection(one) ?? []);
  return {
    internalAddresses: readCidrs(at(manager, "internal_address_config"), "cidr_ranges"),
    useRemoteAddress: flag(manager, "use_remote_address") ?? false,
    trustedHops,
    skipAppend: flag(manager, "skip_xff_append") ?? false,
    ...(written.length > 0 ? { hasExtensions: true as const } : {}),
    // Without extensions Envoy makes one of xff_num_trusted_hops.
    detection: written.length > 0 ? written : [{ type: "xff", trustedHops, trustedCidrs: [], skipAppend: true }],
  };
}

function readDetection(field: Field): OriginalIpDetection | undefined {
  text(field, "name");
  const config = at(field, "typed_config");
  const type = text(config, "@type") ?? "";
  if (type.endsWith("XffConfig")) {
    return {
      type: "xff",
      trustedHops: number(config, "xff_num_trusted_hops") ?? 0,
      trustedCidrs: readCidrs(at(config, "xff_trusted_cidrs"), "cidrs"),
      skipAppend: flag(config, "skip_xff_append") ?? true,
    };
  }
  if (!type.endsWith("CustomHeaderConfig")) return undefined;
  const reject = at(config, "reject_with_status");
  const status = statusCode(reject, "code") ?? 0;
  return {
    type: "header",
    name: (text(config, "header_name") ?? "").toLowerCase(),
    isTrusted: flag(config, "allow_extension_to_set_address_as_trusted") ?? false,
    // Below 400 it is no refusal: Envoy answers 403.
    rejectStatus: reject === undefined ? 0 : status < 400 ? 403 : status,
  };
}

function readCidrs(field: Field | undefined, key: string): string[] {
  return items(field, key).map((range) => `${text(range, "address_prefix") ?? ""}/${number(range, "prefix_len") ?? 0}`);
}
