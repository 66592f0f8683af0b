import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Where a command speaks: people read standard error while it works, tools read its answer on standard output. */
export class Terminal {
  constructor(
    private readonly json: boolean,
    private readonly colours: boolean = process.stdout.isTTY && !process.env.NO_COLOR && process.env.CI !== 'true',
  ) {}

  /** One plain line about a step; with --json it goes to standard error, so that the answer stays alone on the other. */
  readonly say = (line: string): void => {
    (this.json ? process.stderr : process.stdout).write(`${line}\n`);
  };

  /** The answer: one JSON object on one line, or the same for a person. */
  answer(data: unknown, forPeople: string): void {
    process.stdout.write(this.json ? `${JSON.stringify(data)}\n` : `${forPeople}\n`);
  }

  paint(style: Style, text: string): string {
    return this.colours ? styleText(style, text) : text;
  }
}
