import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, UseGuards } from '@nestjs/common';
import { BooksStore, type BooksSummaryLine, type MovementView } from '../outbound/books.store';
import { FaultsStore } from '../outbound/faults.store';
import { NotificationsStore } from '../outbound/notifications.store';
import { SettingsStore } from '../outbound/settings.store';
import { NotificationSender } from '../faults/notification-sender';
import { APPLE_KEYS_SETTING } from '../apple/apple-keys';
import { SESSION_KEYS_SETTING } from '../apple/session-keys';
import { ALIPAY_KEYS_SETTING } from '../open-platform/alipay-keys';
import { ACQUIRER_WEBHOOK_SETTING } from '../acquirer/acquirer-webhooks';
import { NORMAL_NOTIFY } from '../faults/fault';
import { at, textAt } from '../wire/fields';
import { ControlGuard } from './control.guard';
import { readFault, readFields, readNetwork, requiredText, unknownThing, wholeNumber } from './control-request';

const CLOCK_LIMIT_MS = 20 * 365 * 86_400_000;

/** Faults, books, the clock and the reset: what tests and the judge use. */
@Controller('control')
@UseGuards(ControlGuard)
export class BooksController {
  constructor(
    private readonly faults: FaultsStore,
    private readonly books: BooksStore,
    private readonly settings: SettingsStore,
    private readonly notifications: NotificationsStore,
    private readonly sender: NotificationSender,
  ) {}

  @Post('faults')
  @HttpCode(201)
  async addFault(@Body() body: unknown): Promise<{ id: string }> {
    return { id: await this.faults.add(readFault(body)) };
  }

  @Get('faults')
  async listFaults(): Promise<{ faults: unknown[] }> {
    return { faults: await this.faults.list() };
  }

  @Delete('faults')
  @HttpCode(204)
  async clearFaults(): Promise<void> {
    await this.faults.clear();
  }

  /** One rule, whoever set it; those of others stay. */
  @Delete('faults/:id')
  @HttpCode(204)
  async removeFault(@Param('id') id: string): Promise<void> {
    if (!/^[0-9]{1,18}$/.test(id) || !(await this.faults.remove(id))) throw unknownThing('fault');
  }

  @Get('books')
  async all(@Query('after') after?: string): Promise<{ movements: MovementView[]; next: string | null }> {
    return this.books.page(/^[0-9]{1,18}$/.test(after ?? '') ? (after ?? '0') : '0');
  }

  @Get('books/summary')
  async summary(): Promise<{ lines: BooksSummaryLine[] }> {
    return { lines: await this.books.summary() };
  }

  @Get('books/:reference')
  async of(@Param('reference') reference: string): Promise<{ movements: MovementView[] }> {
    return { movements: await this.books.of(reference) };
  }

  @Get('notifications')
  async listNotifications(@Query('reference') reference?: string): Promise<{ notifications: unknown[] }> {
    return { notifications: await this.notifications.list(reference ?? '') };
  }

  /** A notification out of nowhere: for another payment, with another result, as often as wanted. */
  @Post('notifications')
  @HttpCode(202)
  async notify(@Body() sent: unknown): Promise<{ queued: true }> {
    const body = readFields(sent, ['network', 'reference', 'content', 'url', 'bad_signature']);
    const url = textAt(body, 'url');
    const content = { body: JSON.stringify(at(body, 'content') ?? {}), ...(url !== undefined && { url }) };
    const plan = { ...NORMAL_NOTIFY, ...(at(body, 'bad_signature') === true && { badSignature: true }) };
    await this.notifications.add(readNetwork(body), requiredText(body, 'reference'), content, plan);
    this.sender.kick();
    return { queued: true };
  }

  /** `{offset_ms}`: business time runs that far ahead of the machine's clock. */
  @Post('clock')
  @HttpCode(200)
  async setClock(@Body() body: unknown): Promise<{ now: Date }> {
    const { offset_ms: offset } = readFields(body, ['offset_ms']);
    await this.settings.setClockOffset(wholeNumber(offset, -CLOCK_LIMIT_MS, CLOCK_LIMIT_MS, 'offset_ms'));
    return { now: await this.settings.now() };
  }

  @Get('clock')
  async clock(): Promise<{ now: Date }> {
    return { now: await this.settings.now() };
  }

  /** Forgets all that happened; keys and the acquirer's webhook address stay. */
  @Post('reset')
  @HttpCode(204)
  async reset(): Promise<void> {
    await this.settings.reset([
      APPLE_KEYS_SETTING,
      SESSION_KEYS_SETTING,
      ALIPAY_KEYS_SETTING,
      ACQUIRER_WEBHOOK_SETTING,
    ]);
  }
}
