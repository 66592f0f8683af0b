import { connect, type Socket } from 'node:net';

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

interface Pending {
  readonly resolve: (answer: RawAnswer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * One keep-alive connection that sends one request after the other: HTTP/1.1 without a client library, so that the load
 * generator takes as little of the machine as it can. Understands answers with content-length, which is what we send.
 */
export class RawConnection {
  private buffer = '';
  private pending: Pending | null = null;
  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.take(text));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the connection was closed')));
  }

  static open(port: number): Promise<RawConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => resolve(new RawConnection(socket)));
    });
  }

  request(text: string): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      this.pending = { resolve, reject };
      this.socket.write(text, 'latin1');
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private take(text: string): void {
    this.buffer = this.buffer === '' ? text : this.buffer + text;
    const head = this.buffer.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(this.buffer.slice(0, head + 2))?.[1] ?? 0);
    if (this.buffer.length < head + 4 + length) return;
    const answer = { status: Number(this.buffer.slice(9, 12)), body: this.buffer.slice(head + 4, head + 4 + length) };
    this.buffer = '';
    const { pending } = this;
    this.pending = null;
    pending?.resolve(answer);
  }

  private fail(error: Error): void {
    this.pending?.reject(error);
    this.pending = null;
  }
}
