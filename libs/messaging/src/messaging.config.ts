import { Env } from '@gateway/platform';
import { IsInt, IsNotEmpty, IsString, Matches, Min } from 'class-validator';

/** What messaging reads from the environment of every service. */
export class MessagingConfig {
  /** `host:port`, separated by commas. */
  @Env('KAFKA_BROKERS')
  @IsString()
  @IsNotEmpty()
  kafkaBrokers: string;

  /** Before every topic name and group id, so that installations can share a broker. A database belongs to one prefix. */
  @Env('TOPIC_PREFIX', '')
  @Matches(/^[a-z0-9.-]{0,40}$/)
  topicPrefix: string;

  /** Tells instances of one service apart in logs and in the outbox; need not be unique. */
  @Env('INSTANCE', '1')
  @Matches(/^[A-Za-z0-9_-]{1,32}$/)
  instance: string;

  /** How long published outbox rows are kept, so that a lost broker can be refilled. */
  @Env('OUTBOX_KEEP_HOURS', '72')
  @IsInt()
  @Min(1)
  outboxKeepHours: number;
}
