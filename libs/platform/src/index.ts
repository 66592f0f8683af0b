export { startService, type ServiceStart } from './bootstrap';
export { Clock, SystemClock } from './clock';
export { Env, readConfig } from './config/environment';
export { HealthModule } from './health/health.module';
export { Readiness, type ReadinessCheck } from './health/readiness';
export { Problem, problemBody, type ProblemDetails } from './http/problem';
export { ProblemFilter } from './http/problem.filter';
export { IdSource, partitionOf, RandomSource, SystemRandom } from './identity';
export { JsonLogger } from './json-logger';
