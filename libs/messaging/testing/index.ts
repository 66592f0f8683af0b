export { conformanceContracts, conformanceHandler, type ConformanceNote } from './conformance-handler';
export { messagingConformance, type MessagingUnderTest } from './conformance';
export { InMemoryMessaging, type ParkedInMemory } from './in-memory-messaging';
export { RecordingTx, type Statement } from './recording-tx';
