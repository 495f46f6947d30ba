/** A shop of twenty-odd resources in about 500 lines, as people keep it in one file; every name in it carries the namespace. */

const services = ["catalog", "cart", "payments", "reviews"];

export function shopDocuments(namespace: string): string[] {
  return [
    `apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
  labels:
    istio-injection: enabled
`,
    ...services.flatMap((name) => serviceDocuments(namespace, name)),
    `apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: front
  namespace: ${namespace}
spec:
  selector:
    istio: ingressgateway
  servers:
    - port:
        number: 80
        name: http
        protocol: HTTP
      hosts:
        - ${namespace}.example.com
`,
    `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: strict
  namespace: ${namespace}
spec:
  mtls:
    mode: STRICT
`,
    `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata:
  name: bank
  namespace: ${namespace}
spec:
  hosts:
    - api.bank-of-${namespace}.example.com
  location: MESH_EXTERNAL
  resolution: DNS
  ports:
    - number: 443
      name: https
      protocol: TLS
`,
  ];
}

function serviceDocuments(namespace: string, name: string): string[] {
  return [
    `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app: ${name}
spec:
  selector:
    app: ${name}
  ports:
    - name: http
      port: 8080
      targetPort: 8080
`,
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}-v1
  namespace: ${namespace}
spec:
  replicas: 3
  selector:
    matchLabels:
      app: ${name}
      version: v1
  template:
    metadata:
      labels:
        app: ${name}
        version: v1
    spec:
      serviceAccountName: ${name}
      containers:
        - name: app
          image: registry.example.com/${name}:1.4.2
          ports:
            - containerPort: 8080
`,
    `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  hosts:
    - ${name}.${namespace}.svc.cluster.local
  http:
    - name: beta
      match:
        - headers:
            x-user:
              exact: beta
          uri:
            prefix: /${name}
      route:
        - destination:
            host: ${name}.${namespace}.svc.cluster.local
            subset: v2
      timeout: 2s
      retries:
        attempts: 3
        perTryTimeout: 500ms
        retryOn: 5xx,reset
    - route:
        - destination:
            host: ${name}.${namespace}.svc.cluster.local
            subset: v1
          weight: 90
        - destination:
            host: ${name}.${namespace}.svc.cluster.local
            subset: v2
          weight: 10
`,
    `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  host: ${name}.${namespace}.svc.cluster.local
  trafficPolicy:
    connectionPool:
      http:
        http1MaxPendingRequests: 64
    outlierDetection:
      consecutive5xxErrors: 5
      interval: 5s
      baseEjectionTime: 30s
  subsets:
    - name: v1
      labels:
        version: v1
    - name: v2
      labels:
        version: v2
`,
    `apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector:
    matchLabels:
      app: ${name}
  action: ALLOW
  rules:
    - from:
        - source:
            principals:
              - cluster.local/ns/${namespace}/sa/front
      to:
        - operation:
            methods: ["GET", "POST"]
            paths: ["/${name}/*"]
`,
  ];
}
