import { Injectable } from '@nestjs/common';

/** How often the world looks at its clock while something goes on. */
const CLOSE_MS = 250;
/** How often while nobody has asked it for anything in a while. */
const IDLE_MS = 1_000;
const IDLE_AFTER_MS = 10_000;

/** Says how soon to look again, so that a world without visitors costs next to nothing. */
@Injectable()
export class Pace {
  private lastAt = performance.now();

  /** Somebody asked for something, or something happened. */
  note(): void {
    this.lastAt = performance.now();
  }

  nextMs(): number {
    return performance.now() - this.lastAt < IDLE_AFTER_MS ? CLOSE_MS : IDLE_MS;
  }
}
