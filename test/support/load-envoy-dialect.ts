/** Before each test file, what programs do before they read files: bootstraps are judged by Envoy's own fields. */
import { loadEnvoyDialect } from "#mesh";

await loadEnvoyDialect();
