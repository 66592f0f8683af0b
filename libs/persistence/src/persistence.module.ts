import { Global, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { Database, type DatabaseOptions } from './database';

/** Options of the module as an injection token. */
const OPTIONS = Symbol('database options');

/** Gives a service its own `Database`, connected before the first request and closed last. */
@Global()
@Module({})
export class PersistenceModule implements OnApplicationShutdown {
  constructor(private readonly database: Database) {}

  static forService(options: () => DatabaseOptions): DynamicModule {
    return {
      module: PersistenceModule,
      providers: [
        { provide: OPTIONS, useFactory: options },
        {
          provide: Database,
          useFactory: (given: DatabaseOptions): Promise<Database> => Database.connect(given),
          inject: [{ token: OPTIONS, optional: false }],
        },
      ],
      exports: [Database],
    };
  }

  /** Last of all: messaging and the edges have ended their transactions in earlier shutdown hooks. */
  async onApplicationShutdown(): Promise<void> {
    await this.database.close();
  }
}
