import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { FromGenerator, LoadResult, LoadRun, LoadTarget, ToGenerator } from './load';

/** The load generator as a child. */
export class GeneratorProcess {
  private constructor(private readonly child: ChildProcess) {}

  static async start(target: LoadTarget): Promise<GeneratorProcess> {
    const child = fork(path.join(__dirname, 'load-generator.js'), [], { stdio: 'inherit' });
    const generator = new GeneratorProcess(child);
    await generator.ask({ target });
    return generator;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async run(run: LoadRun): Promise<LoadResult> {
    const answer = await this.ask({ run });
    if (!('result' in answer)) throw new Error('the load generator gave no result');
    return answer.result;
  }

  end(): void {
    this.child.send({ end: true } satisfies ToGenerator);
  }

  private ask(message: ToGenerator): Promise<FromGenerator> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => reject(new Error(`the load generator ended (${code})`));
      this.child.once('exit', onExit);
      this.child.once('message', (answer: FromGenerator) => {
        this.child.off('exit', onExit);
        if ('failed' in answer) reject(new Error(answer.failed));
        else resolve(answer);
      });
      this.child.send(message);
    });
  }
}
