import { Injectable } from '@nestjs/common';

/** A readiness check: null where all is well, else one sentence. */
export type ReadinessCheck = () => Promise<string | null>;

/** What must hold before a process takes work: database, broker, last poll. Each part registers its own check. */
@Injectable()
export class Readiness {
  private readonly checks = new Map<string, ReadinessCheck>();
  private stopping = false;

  register(name: string, check: ReadinessCheck): void {
    this.checks.set(name, check);
  }

  /** Called first when the process stops (design S9): no new work is sent here. */
  stop(): void {
    this.stopping = true;
  }

  /** Problems by name of the check; empty where the process is ready. */
  async problems(): Promise<Record<string, string>> {
    if (this.stopping) return { process: 'is stopping' };
    const found: Record<string, string> = {};
    for (const [name, check] of this.checks) {
      const problem = await check().catch((error: Error) => error.message);
      if (problem !== null) found[name] = problem;
    }
    return found;
  }
}
