import { Body, Controller, Get, HttpCode, Injectable, Param, Post, UseGuards } from '@nestjs/common';
import { Database } from '@gateway/persistence';
import { ControlGuard } from './control.guard';
import { invalid, problem, readFault, readFields } from './control-request';
import { Notifier } from './notifier';
import { orderView } from './order';
import { Orders } from './orders';
import { BooksStore, type MovementView } from './outbound/books.store';
import { FaultsStore } from './outbound/faults.store';
import { KeysStore, publicKeyOf } from './outbound/keys.store';
import { TestClockStore } from './outbound/test-clock.store';

/** What the control API acts on. */
@Injectable()
export class QrpayWorld {
  constructor(
    readonly books: BooksStore,
    readonly orders: Orders,
    readonly notifier: Notifier,
    readonly clock: TestClockStore,
  ) {}
}

/** What tests and the local runtime do with QRPay from outside: credentials, books, faults, the payer's hand, the clock. */
@Controller('control')
@UseGuards(ControlGuard)
export class ControlController {
  constructor(
    private readonly database: Database,
    private readonly keys: KeysStore,
    private readonly faults: FaultsStore,
    private readonly world: QrpayWorld,
  ) {}

  /** The shape that the adapter's credentials file has. */
  @Get('qrpay/credentials')
  async credentials(): Promise<Record<string, string>> {
    const { merchant_id, merchant_private_key, qrpay_private_key } = await this.keys.get();
    return { merchant_id, private_key: merchant_private_key, qrpay_public_key: publicKeyOf(qrpay_private_key) };
  }

  @Get('books')
  async books(): Promise<{ movements: MovementView[] }> {
    return { movements: await this.world.books.of(null) };
  }

  @Get('books/:reference')
  async booksOf(@Param('reference') reference: string): Promise<{ movements: MovementView[] }> {
    return { movements: await this.world.books.of(reference) };
  }

  /** The payer scans the code or confirms in the app; `{"answer": "refuse"}`: they refuse. */
  @Post('orders/:id/confirm')
  @HttpCode(200)
  async confirm(@Param('id') id: string, @Body() body: unknown): Promise<Record<string, unknown>> {
    const { answer = 'confirm' } = readFields(body ?? {}, ['answer']);
    if (answer !== 'confirm' && answer !== 'refuse') throw invalid('answer', ['confirm', 'refuse']);
    const order = await this.database.transaction((tx) => this.world.orders.payerAnswers(tx, id, answer));
    if (!order) throw problem(404, 'NOT_FOUND', 'There is no such order that waits.');
    this.world.notifier.kick();
    return orderView(order);
  }

  @Post('faults')
  @HttpCode(201)
  async addFault(@Body() body: unknown): Promise<{ added: true }> {
    await this.faults.add(readFault(body));
    return { added: true };
  }

  /** `{offset_ms}`: business time runs that far ahead of the machine's clock. */
  @Post('clock')
  @HttpCode(200)
  async setClock(@Body() body: unknown): Promise<{ now: Date }> {
    const { offset_ms: offset } = readFields(body, ['offset_ms']);
    if (typeof offset !== 'number' || !Number.isSafeInteger(offset)) throw invalid('offset_ms', ['a whole number']);
    return { now: await this.world.clock.setOffset(offset) };
  }
}
