/** Whether the gateway answers: what is shown may be of before. */
import { signal } from '@preact/signals';

export interface Connection {
  state: 'live' | 'lost';
  /** When it answered last, wall ms; 0 while it has not. */
  answeredAt: number;
}

export const connection = signal<Connection>({ state: 'live', answeredAt: 0 });

export function noteAnswer(): void {
  connection.value = { state: 'live', answeredAt: Date.now() };
}

export function noteSilence(): void {
  connection.value = { ...connection.peek(), state: 'lost' };
}

addEventListener('offline', noteSilence);
