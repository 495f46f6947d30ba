// Writes src/mesh/envoy/fields/envoy-fields.generated.json: the names, kinds and annotated limits of the fields that an Envoy bootstrap may
// have, of the messages it reaches by itself and of the extensions below. Read from the descriptors that Envoy's API is compiled to for Go
// (go.mod names the version); how a line reads is said in src/mesh/envoy/fields/field-table.ts.
//
//	cd test/oracle/envoy-fields && go run . > ../../../src/mesh/envoy/fields/envoy-fields.generated.json
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime/debug"
	"sort"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
)

// What may stand behind an "@type"; without "envoy.".
var roots = []string{
	"config.bootstrap.v3.Bootstrap",
	"config.route.v3.FilterConfig",
	"extensions.access_loggers.file.v3.FileAccessLog",
	"extensions.access_loggers.stream.v3.StdoutAccessLog",
	"extensions.access_loggers.stream.v3.StderrAccessLog",
	"extensions.clusters.aggregate.v3.ClusterConfig",
	"extensions.filters.http.buffer.v3.Buffer",
	"extensions.filters.http.cors.v3.Cors",
	"extensions.filters.http.cors.v3.CorsPolicy",
	"extensions.filters.http.csrf.v3.CsrfPolicy",
	"extensions.filters.http.ext_authz.v3.ExtAuthz",
	"extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute",
	"extensions.filters.http.fault.v3.HTTPFault",
	"extensions.filters.http.grpc_stats.v3.FilterConfig",
	"extensions.filters.http.grpc_web.v3.GrpcWeb",
	"extensions.filters.http.header_mutation.v3.HeaderMutation",
	"extensions.filters.http.header_mutation.v3.HeaderMutationPerRoute",
	"extensions.filters.http.health_check.v3.HealthCheck",
	"extensions.filters.http.jwt_authn.v3.JwtAuthentication",
	"extensions.filters.http.jwt_authn.v3.PerRouteConfig",
	"extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
	"extensions.filters.http.lua.v3.Lua",
	"extensions.filters.http.ratelimit.v3.RateLimit",
	"extensions.filters.http.ratelimit.v3.RateLimitPerRoute",
	"extensions.filters.http.rbac.v3.RBAC",
	"extensions.filters.http.rbac.v3.RBACPerRoute",
	"extensions.filters.http.router.v3.Router",
	"extensions.filters.listener.http_inspector.v3.HttpInspector",
	"extensions.filters.listener.original_dst.v3.OriginalDst",
	"extensions.filters.listener.tls_inspector.v3.TlsInspector",
	"extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
	"extensions.filters.network.local_ratelimit.v3.LocalRateLimit",
	"extensions.filters.network.rbac.v3.RBAC",
	"extensions.filters.network.tcp_proxy.v3.TcpProxy",
	"extensions.http.original_ip_detection.custom_header.v3.CustomHeaderConfig",
	"extensions.http.original_ip_detection.xff.v3.XffConfig",
	"extensions.internal_redirect.allow_listed_routes.v3.AllowListedRoutesConfig",
	"extensions.internal_redirect.previous_routes.v3.PreviousRoutesConfig",
	"extensions.internal_redirect.safe_cross_scheme.v3.SafeCrossSchemeConfig",
	"extensions.load_balancing_policies.client_side_weighted_round_robin.v3.ClientSideWeightedRoundRobin",
	"extensions.load_balancing_policies.cluster_provided.v3.ClusterProvided",
	"extensions.load_balancing_policies.least_request.v3.LeastRequest",
	"extensions.load_balancing_policies.maglev.v3.Maglev",
	"extensions.load_balancing_policies.random.v3.Random",
	"extensions.load_balancing_policies.ring_hash.v3.RingHash",
	"extensions.load_balancing_policies.round_robin.v3.RoundRobin",
	"extensions.load_balancing_policies.subset.v3.Subset",
	"extensions.load_balancing_policies.wrr_locality.v3.WrrLocality",
	"extensions.path.match.uri_template.v3.UriTemplateMatchConfig",
	"extensions.path.rewrite.uri_template.v3.UriTemplateRewriteConfig",
	"extensions.retry.host.omit_canary_hosts.v3.OmitCanaryHostsPredicate",
	"extensions.retry.host.omit_host_metadata.v3.OmitHostMetadataConfig",
	"extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate",
	"extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig",
	"extensions.transport_sockets.raw_buffer.v3.RawBuffer",
	"extensions.transport_sockets.tls.v3.DownstreamTlsContext",
	"extensions.transport_sockets.tls.v3.UpstreamTlsContext",
	"extensions.upstreams.http.v3.HttpProtocolOptions",
}

// Trees of their own that no bootstrap has a reason to write out: whatever stands there is taken.
var taken = map[string]bool{
	"cel.expr.CheckedExpr": true, "cel.expr.ParsedExpr": true,
	"envoy.config.core.v3.GrpcService.GoogleGrpc": true,
	"google.api.expr.v1alpha1.CheckedExpr":        true, "google.api.expr.v1alpha1.Expr": true, "google.api.expr.v1alpha1.ParsedExpr": true,
}

var scalars = map[string]string{
	"string": "", "bool": "b", "bytes": "y", "double": "d", "float": "d",
	"uint32": "u", "fixed32": "u", "int32": "i", "sint32": "i", "sfixed32": "i",
	"uint64": "U", "fixed64": "U", "int64": "I", "sint64": "I", "sfixed64": "I",
}

var wellKnown = map[string]string{
	"Any": "@", "Duration": "s", "Timestamp": "t", "Struct": "o", "Value": "v", "ListValue": "l", "Empty": "e", "FieldMask": "m",
	"StringValue": "S", "BytesValue": "Y", "BoolValue": "B", "DoubleValue": "D", "FloatValue": "D",
	"UInt32Value": "w", "Int32Value": "j", "UInt64Value": "W", "Int64Value": "J",
}

type table struct {
	names    map[protoreflect.FullName]string
	used     map[string]bool
	lines    []string
	waiting  []protoreflect.Descriptor
	optional map[string]bool
}

func main() {
	t := &table{names: map[protoreflect.FullName]string{}, used: map[string]bool{}}
	sort.Strings(roots)
	for _, root := range roots {
		found, err := protoregistry.GlobalFiles.FindDescriptorByName(protoreflect.FullName("envoy." + root))
		if err != nil {
			panic(err)
		}
		// Its line says the package as well.
		t.name(found)
	}
	for len(t.waiting) > 0 {
		next := t.waiting[0]
		t.waiting = t.waiting[1:]
		switch one := next.(type) {
		case protoreflect.MessageDescriptor:
			t.lines = append(t.lines, t.messageLine(one))
		case protoreflect.EnumDescriptor:
			t.lines = append(t.lines, t.enumLine(one))
		}
	}
	written := map[string]any{"source": source(), "fields": strings.Join(t.lines, "\n")}
	if err := json.NewEncoder(os.Stdout).Encode(written); err != nil {
		panic(err)
	}
}

func source() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		panic("no build info")
	}
	for _, module := range info.Deps {
		if module.Path == "github.com/envoyproxy/go-control-plane/envoy" {
			return module.Path + " " + module.Version
		}
	}
	panic("the module of Envoy's API is not among the dependencies")
}

// The name without its package; a second message of that name gets a mark behind it.
func (t *table) name(d protoreflect.Descriptor) string {
	if known, ok := t.names[d.FullName()]; ok {
		return known
	}
	name := strings.TrimPrefix(string(d.FullName()), string(d.ParentFile().Package())+".")
	for t.used[name] {
		name += "'"
	}
	t.used[name] = true
	t.names[d.FullName()] = name
	t.waiting = append(t.waiting, d)
	return name
}

func (t *table) messageLine(m protoreflect.MessageDescriptor) string {
	line := ""
	if isRoot(m) {
		line = t.name(m) + "@" + strings.TrimPrefix(string(m.ParentFile().Package()), "envoy.")
	}
	open := ""
	for i := 0; i < m.Fields().Len(); i++ {
		field := m.Fields().Get(i)
		group := field.ContainingOneof()
		name := ""
		if group != nil && !group.IsSynthetic() {
			name = string(group.Name())
		}
		if name != open {
			if open != "" {
				line += " )"
			}
			if name != "" {
				line += " ("
				if boolExtension(group.Options(), "validate.required") {
					line += "!"
				}
			}
			open = name
		}
		line += " " + t.field(m, field)
	}
	if open != "" {
		line += " )"
	}
	return line
}

func isRoot(m protoreflect.MessageDescriptor) bool {
	at := sort.SearchStrings(roots, strings.TrimPrefix(string(m.FullName()), "envoy."))
	return at < len(roots) && "envoy."+roots[at] == string(m.FullName())
}

func (t *table) field(owner protoreflect.MessageDescriptor, f protoreflect.FieldDescriptor) string {
	kind := ""
	valued := f
	if f.IsMap() {
		kind = "%"
		valued = f.MapValue()
	} else if f.IsList() {
		kind = "*"
	}
	kind += t.kind(owner, f, valued)
	text := string(f.Name())
	if kind != "" {
		text += ":" + kind
	}
	return text + limits(f)
}

func (t *table) kind(owner protoreflect.MessageDescriptor, named, f protoreflect.FieldDescriptor) string {
	if f.Enum() != nil {
		return t.reference(owner, named, f.Enum())
	}
	message := f.Message()
	if message == nil {
		kind, ok := scalars[f.Kind().String()]
		if !ok {
			panic("unknown kind " + f.Kind().String())
		}
		return kind
	}
	if taken[string(message.FullName())] {
		return "v"
	}
	if message.ParentFile().Package() == "google.protobuf" {
		kind, ok := wellKnown[string(message.Name())]
		if !ok {
			panic("unknown well-known type " + string(message.FullName()))
		}
		return kind
	}
	return t.reference(owner, named, message)
}

// Most fields are called as their type is.
func (t *table) reference(owner protoreflect.MessageDescriptor, named protoreflect.FieldDescriptor, to protoreflect.Descriptor) string {
	name := t.name(to)
	nested := ""
	if within := t.name(owner) + "."; strings.HasPrefix(name, within) {
		nested, name = ".", strings.TrimPrefix(name, within)
	}
	switch called := camel(named.Name()); called {
	case name:
		return nested + "."
	case name + "s":
		return nested + "-"
	}
	return nested + name
}

func camel(name protoreflect.Name) string {
	out := ""
	for _, word := range strings.Split(string(name), "_") {
		if word != "" {
			out += strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return out
}

func (t *table) enumLine(e protoreflect.EnumDescriptor) string {
	line := "="
	for i := 0; i < e.Values().Len(); i++ {
		value := e.Values().Get(i)
		line += " " + string(value.Name())
		if int(value.Number()) != i {
			line += fmt.Sprintf(":%d", value.Number())
		}
	}
	return line
}

func boolExtension(options proto.Message, name protoreflect.FullName) bool {
	found := false
	options.ProtoReflect().Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		if f.FullName() == name {
			found = v.Bool()
		}
		return true
	})
	return found
}
