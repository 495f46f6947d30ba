/**
 * What the mesh accepts and the simulation does not model: the reader is told, never left to believe it had no effect.
 * Lists are passed through: `servers: { tls: … }` means every server's. Whoever models a field takes its line out.
 */
export interface NotSimulated {
  readonly [field: string]: true | NotSimulated;
}

const connectionPool: NotSimulated = { tcp: { tcpKeepalive: true } };
const inboundPool: NotSimulated = {
  ...connectionPool,
  http: { h2UpgradePolicy: true, maxConcurrentStreams: true, useClientProtocol: true },
};
const portPolicy: NotSimulated = { connectionPool, outlierDetection: { consecutiveErrors: true }, tls: { caCrl: true } };
const trafficPolicy: NotSimulated = { ...portPolicy, portLevelSettings: portPolicy, tunnel: true };

const serverTls: NotSimulated = {
  caCertCredentialName: true,
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
      // Istio takes only changes of headers at a backend.
      backendRefs: { filters: { ...routeFilters, cors: true, requestMirror: true, requestRedirect: true, urlRewrite: true } },
      sessionPersistence: true,
    },
  },
};

const clientValidation: NotSimulated = { validation: { mode: true } };
const frontendTls: NotSimulated = { default: clientValidation, perPort: { tls: clientValidation } };

/** What of a Pod would change a request's fate; images, volumes and limits do not. */
const container: NotSimulated = { lifecycle: true, livenessProbe: true, readinessProbe: true, startupProbe: true };
const podSpec: NotSimulated = { containers: container };
const podTemplate: NotSimulated = { spec: { template: { spec: podSpec } } };

/** Written out, they say what is so anyway; of `trafficDistribution` nodes alone are not known here. */
export const neutral: ReadonlySet<unknown> = new Set(["Cluster", "None", "PreferClose", "PreferSameZone"]);

export const notSimulated: Readonly<Record<string, NotSimulated>> = {
  "networking.istio.io/DestinationRule": { spec: { trafficPolicy, subsets: { trafficPolicy } } },
  // Of values what nobody reads is said as well (envoy-filter/not-simulated.ts).
  "networking.istio.io/EnvoyFilter": {
    spec: {
      configPatches: {
        match: {
          listener: { listenerFilter: true, portName: true },
          proxy: { metadata: true },
          routeConfiguration: { vhost: { domainName: true } },
          waypoint: true,
        },
        patch: { filterClass: true },
      },
    },
  },
  "networking.istio.io/Gateway": { spec: { servers: { defaultEndpoint: true, port: { targetPort: true }, tls: serverTls } } },
  "networking.istio.io/ProxyConfig": { spec: true },
  "networking.istio.io/ServiceEntry": { spec: { endpoints: { network: true, serviceAccount: true } } },
  "networking.istio.io/Sidecar": {
    spec: {
      egress: { captureMode: true, port: { targetPort: true } },
      inboundConnectionPool: inboundPool,
      ingress: {
        bind: true,
        captureMode: true,
        connectionPool: inboundPool,
        defaultEndpoint: true,
        port: { targetPort: true },
        tls: true,
      },
    },
  },
  "networking.istio.io/VirtualService": {
    spec: {
      http: { fault: { abort: { http2Error: true }, delay: { exponentialDelay: true } }, match: { statPrefix: true } },
      tcp: { match: { sourceSubnet: true } },
    },
  },
  "networking.istio.io/WorkloadEntry": { spec: { network: true, weight: true } },
  "networking.istio.io/WorkloadGroup": { spec: true },
  "security.istio.io/RequestAuthentication": {
    spec: {
      jwtRules: {
        forwardOriginalToken: true,
        jwks: true,
        jwksUri: true,
        jwks_uri: true,
        outputClaimToHeaders: true,
        outputPayloadToHeader: true,
        spaceDelimitedClaims: true,
        timeout: true,
      },
    },
  },
  "telemetry.istio.io/Telemetry": { spec: true },
  "extensions.istio.io/WasmPlugin": { spec: true },
  "gateway.networking.k8s.io/BackendTLSPolicy": { spec: { options: true } },
  "gateway.networking.k8s.io/Gateway": {
    spec: { allowedListeners: true, defaultScope: true, infrastructure: true, tls: { backend: true, frontend: frontendTls } },
  },
  "gateway.networking.k8s.io/GatewayClass": { spec: { parametersRef: true } },
  "gateway.networking.k8s.io/GRPCRoute": routeRules,
  "gateway.networking.k8s.io/HTTPRoute": routeRules,
  "gateway.networking.k8s.io/TCPRoute": { spec: { useDefaultGateways: true } },
  "gateway.networking.k8s.io/TLSRoute": { spec: { useDefaultGateways: true } },
  "gateway.networking.k8s.io/UDPRoute": { spec: true },
  "gateway.networking.x-k8s.io/XBackendTrafficPolicy": { spec: true },
  "gateway.networking.x-k8s.io/XMesh": { spec: true },
  "/Pod": { spec: podSpec },
  "/Service": { spec: { internalTrafficPolicy: true, sessionAffinity: true, trafficDistribution: true } },
  "apps/DaemonSet": podTemplate,
  "apps/Deployment": podTemplate,
  "apps/ReplicaSet": podTemplate,
  "apps/StatefulSet": podTemplate,
  "networking.k8s.io/NetworkPolicy": { spec: true },
};
