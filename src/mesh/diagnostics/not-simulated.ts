/**
 * What the mesh accepts and the simulation does not model: the reader is told, never left to believe it had no effect.
 * Lists are passed through: `servers: { tls: … }` means every server's. Whoever models a field takes its line out.
 */
export interface NotSimulated {
  readonly [field: string]: true | NotSimulated;
}

const connectionPool: NotSimulated = { tcp: { tcpKeepalive: true } };
const portPolicy: NotSimulated = { connectionPool, outlierDetection: { consecutiveErrors: true }, tls: { caCrl: true } };
const trafficPolicy: NotSimulated = { ...portPolicy, portLevelSettings: portPolicy, tunnel: true };

const serverTls: NotSimulated = {
  caCrl: true,
  cipherSuites: true,
  maxProtocolVersion: true,
  minProtocolVersion: true,
  tlsCertificates: true,
  verifyCertificateHash: true,
  verifyCertificateSpki: true,
};

const routeFilters: NotSimulated = { extensionRef: true, externalAuth: true };
const routeRules: NotSimulated = {
  spec: {
    useDefaultGateways: true,
    rules: {
      filters: routeFilters,
      backendRefs: { filters: routeFilters },
      sessionPersistence: { absoluteTimeout: true, cookieConfig: true, sessionName: true },
    },
  },
};

export const notSimulated: Readonly<Record<string, NotSimulated>> = {
  "networking.istio.io/DestinationRule": { spec: { trafficPolicy, subsets: { trafficPolicy } } },
  "networking.istio.io/EnvoyFilter": { spec: true },
  "networking.istio.io/Gateway": { spec: { servers: { defaultEndpoint: true, tls: serverTls } } },
  "networking.istio.io/ProxyConfig": { spec: true },
  "networking.istio.io/Sidecar": {
    spec: {
      egress: { captureMode: true },
      inboundConnectionPool: connectionPool,
      ingress: { captureMode: true, connectionPool, tls: serverTls },
    },
  },
  "networking.istio.io/VirtualService": {
    spec: {
      http: { fault: { abort: { http2Error: true }, delay: { exponentialDelay: true } }, match: { statPrefix: true } },
      tcp: { match: { sourceSubnet: true } },
    },
  },
  "networking.istio.io/WorkloadGroup": { spec: { probe: true } },
  "security.istio.io/RequestAuthentication": {
    spec: {
      jwtRules: {
        forwardOriginalToken: true,
        outputClaimToHeaders: true,
        outputPayloadToHeader: true,
        spaceDelimitedClaims: true,
      },
    },
  },
  "telemetry.istio.io/Telemetry": { spec: { accessLogging: true, metrics: true, tracing: true } },
  "extensions.istio.io/WasmPlugin": { spec: true },
  "gateway.networking.k8s.io/Gateway": {
    spec: { allowedListeners: true, defaultScope: true, infrastructure: true, tls: { backend: true } },
  },
  "gateway.networking.k8s.io/GatewayClass": { spec: { parametersRef: true } },
  "gateway.networking.k8s.io/GRPCRoute": routeRules,
  "gateway.networking.k8s.io/HTTPRoute": routeRules,
  "gateway.networking.k8s.io/UDPRoute": { spec: true },
  "gateway.networking.x-k8s.io/XMesh": { spec: true },
};
