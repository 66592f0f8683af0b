export { Database, type DatabaseOptions, type Tx } from './database';
export { runMigrations, sqlMigration, type Migration, type MigrationRun } from './migrations';
export { isInfrastructureError, sqlStateOf } from './sql-state';
