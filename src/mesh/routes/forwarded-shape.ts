/** A request as the first destination's host gets it: headers, host and path changed on the way, as in a run. */
import {
  type ForwardAction,
  type ProxyNode,
  type RequestShape,
  type Route,
  type RouteConfiguration,
  rewriteRequest,
  type ShapeTable,
  type VirtualHost,
} from "#engine";

interface Way {
  node: ProxyNode;
  table: RouteConfiguration;
  host: VirtualHost;
  route: Route;
  action: ForwardAction;
}

export function forwardedShape(shapes: ShapeTable, shape: RequestShape, { node, table, host, route, action }: Way): RequestShape {
  const [first] = action.clusters;
  const levels = [route.headers, host.headers, table.headers];
  return rewriteRequest(shapes, shape, {
    action,
    suppressesHeaders: false,
    matched: route.match.path,
    clusterOperations: first?.headers,
    operations: table.routeHeadersLast ? levels.toReversed() : levels,
    hostRewrite: first?.hostRewrite,
    upstreamHostname: undefined,
    facts: {
      isHttp2: shape.scheme === "grpc",
      remoteIp: node.addresses?.[0] ?? "",
      directIp: node.addresses?.[0] ?? "",
      localIp: "",
      localPort: shape.port,
      serverName: "",
      identity: "",
      routeName: route.name,
      cluster: first?.cluster ?? "",
    },
  });
}
