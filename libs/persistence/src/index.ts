export { Database, type DatabaseOptions, type Tx } from './database';
export { PersistenceModule } from './persistence.module';
export { runMigrations, sqlMigration, type Migration, type MigrationRun } from './migrations';
export { isInfrastructureError, sqlStateOf } from './sql-state';
