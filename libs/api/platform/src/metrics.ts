import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import { droppedLines } from './log-destination';
import { badRows } from './render-rows';

/** Seconds; from a tenth of a millisecond to seconds, as a commit or a fan-out can take. */
const durations = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Metrics of the process. Names end in their unit, as Prometheus recommends. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  readonly #in = [this.registry];

  readonly connections = new Gauge({
    name: 'cloudhop_connections',
    help: 'Sockets that are connected now.',
    registers: this.#in,
  });
  readonly sends = new Counter({
    name: 'cloudhop_sends_total',
    help: 'Messages that were asked to be stored, by verdict.',
    labelNames: ['verdict'] as const,
    registers: this.#in,
  });
  readonly commitBatchSize = new Histogram({
    name: 'cloudhop_commit_batch_size',
    help: 'Operations in one group commit.',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200],
    registers: this.#in,
  });
  readonly commitDuration = new Histogram({
    name: 'cloudhop_commit_duration_seconds',
    help: 'Time from handing a batch to Postgres to its verdicts.',
    buckets: durations,
    registers: this.#in,
  });
  readonly fanoutDuration = new Histogram({
    name: 'cloudhop_fanout_duration_seconds',
    help: 'Time to hand one frame to all its local sockets.',
    buckets: durations,
    registers: this.#in,
  });
  readonly deliveries = new Counter({
    name: 'cloudhop_deliveries_total',
    help: 'Frames handed to sockets: one per frame and socket.',
    registers: this.#in,
  });
  readonly busPublished = new Counter({
    name: 'cloudhop_bus_published_total',
    help: 'Messages that this node handed to the bus between nodes.',
    registers: this.#in,
  });
  readonly busPublishedBytes = new Counter({
    name: 'cloudhop_bus_published_bytes_total',
    help: 'Bytes of those messages.',
    registers: this.#in,
  });
  readonly busReceived = new Counter({
    name: 'cloudhop_bus_received_total',
    help: 'Messages of the bus that arrived, those that are ignored included.',
    registers: this.#in,
  });
  readonly busDropped = new Counter({
    name: 'cloudhop_bus_dropped_total',
    help: 'Messages that were not published, by reason (away, commands, bytes, stalled, size, failed, malformed).',
    labelNames: ['reason'] as const,
    registers: this.#in,
  });
  readonly busIgnored = new Counter({
    name: 'cloudhop_bus_ignored_total',
    help: 'Messages of the bus that were ignored, by reason (size, version, signature, malformed, epoch).',
    labelNames: ['reason'] as const,
    registers: this.#in,
  });
  readonly busRoundTrip = new Histogram({
    name: 'cloudhop_bus_round_trip_seconds',
    help: 'Time of a message of this node to itself through Redis.',
    buckets: durations,
    registers: this.#in,
  });
  readonly limitsLocal = new Counter({
    name: 'cloudhop_limits_local_total',
    help: 'Shared limits that this node counted by itself, by reason (starting, slow, full, failed, or what keeps Redis from use).',
    labelNames: ['reason'] as const,
    registers: this.#in,
  });
  readonly socketRequests = new Counter({
    name: 'cloudhop_socket_requests_total',
    help: 'Socket requests, by name and outcome (ok or the error code).',
    labelNames: ['name', 'outcome'] as const,
    registers: this.#in,
  });
  readonly droppedEvents = new Counter({
    name: 'cloudhop_dropped_events_total',
    help: 'Socket events that were thrown away unanswered, by reason.',
    labelNames: ['reason'] as const,
    registers: this.#in,
  });
  readonly refusedHandshakes = new Counter({
    name: 'cloudhop_refused_handshakes_total',
    help: 'Handshakes that did not end in a connection, by error code.',
    labelNames: ['code'] as const,
    registers: this.#in,
  });
  readonly cutSockets = new Counter({
    name: 'cloudhop_cut_sockets_total',
    help: 'Sockets that the server closed, by reason.',
    labelNames: ['reason'] as const,
    registers: this.#in,
  });
  readonly loadLevel = new Gauge({
    name: 'cloudhop_load_level',
    help: 'Work that is refused as overloaded: 0 nothing, 1 new sockets, guests and reads, 2 sends too.',
    registers: this.#in,
  });
  readonly shedRequests = new Counter({
    name: 'cloudhop_shed_requests_total',
    help: 'Requests and handshakes that were refused as overloaded, by kind of work.',
    labelNames: ['work'] as const,
    registers: this.#in,
  });
  readonly droppedLogLines = new Counter({
    name: 'cloudhop_log_lines_dropped_total',
    help: 'Log lines that were not written: unwritable (no room, or nobody reads) or repeated (told as a count).',
    labelNames: ['reason'] as const,
    registers: this.#in,
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(droppedLines)) this.inc({ reason }, count);
    },
  });
  readonly previews = new Counter({
    name: 'cloudhop_previews_total',
    help: 'Links whose preview was wanted: fetched, known from before (known_none: nothing), or why there is none.',
    labelNames: ['outcome'] as const,
    registers: this.#in,
  });
  readonly previewDuration = new Histogram({
    name: 'cloudhop_preview_duration_seconds',
    help: 'Time to fetch a page and read what it says of itself.',
    buckets: durations,
    registers: this.#in,
  });
  readonly httpDuration = new Histogram({
    name: 'cloudhop_http_duration_seconds',
    help: 'HTTP answers, by route (none: refused before it had one; page: the page and its files) and status.',
    labelNames: ['route', 'status'] as const,
    buckets: durations,
    registers: this.#in,
  });

  constructor() {
    // Brings the event loop's lag (mean, p50, p90, p99), memory, handles and garbage collection.
    collectDefaultMetrics({ register: this.registry });
    this.registry.registerMetric(badRows);
  }
}
