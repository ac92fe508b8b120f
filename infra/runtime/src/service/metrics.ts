/**
 * Metrics of a process: OpenTelemetry instruments behind the names of the telemetry table, told to
 * Prometheus.
 */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { Attributes, Counter, Histogram, ObservableResult } from '@opentelemetry/api'
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus'
import {
  AggregationTemporality,
  InstrumentType,
  MeterProvider,
  MetricReader,
} from '@opentelemetry/sdk-metrics'
import type { MetricKey, MetricKeyOf, MetricLabels } from '@tongchou/contracts/telemetry-metrics.ts'
import { METRICS } from '@tongchou/contracts/telemetry-metrics.ts'

export type Observation<K extends MetricKey> = {
  readonly value: number
  readonly labels: MetricLabels<K>
}

/** Instruments of one service; the label `service` is set. */
export type Metrics = {
  /** A recorder with its labels bound: the hot path allocates nothing. Ask once, keep it. */
  histogram<K extends MetricKeyOf<'histogram'>>(
    key: K,
    labels: MetricLabels<K>,
  ): (value: number) => void
  counter<K extends MetricKeyOf<'counter'>>(key: K, labels: MetricLabels<K>): (by?: number) => void
  /**
   * Called when Prometheus asks; several callbacks may feed one gauge. Returns what takes it away.
   */
  gauge<K extends MetricKeyOf<'gauge'>>(key: K, observe: () => Iterable<Observation<K>>): () => void
}

export type MetricsRegistry = {
  forService(service: string): Metrics
  /** The body of `GET /metrics`, Prometheus text format 0.0.4. */
  text(): Promise<string>
  close(): Promise<void>
}

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * Read when Prometheus asks. Gauges show only what was observed now: with the exporter's own reader
 * the last value of a series that is gone, as of a revoked partition, would be told for ever.
 */
class ScrapeReader extends MetricReader {
  constructor() {
    super({
      aggregationTemporalitySelector: type =>
        type === InstrumentType.OBSERVABLE_GAUGE
          ? AggregationTemporality.DELTA
          : AggregationTemporality.CUMULATIVE,
    })
  }
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

/** One for each process, shared by the services that it hosts. */
export function createMetricsRegistry(): MetricsRegistry {
  const reader = new ScrapeReader()
  const provider = new MeterProvider({ readers: [reader] })
  const meter = provider.getMeter('tongchou')
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true)
  const histograms = new Map<MetricKey, Histogram>()
  const counters = new Map<MetricKey, Counter>()

  function histogramOf(key: MetricKeyOf<'histogram'>): Histogram {
    const { name, help, bounds } = METRICS[key]
    const made =
      histograms.get(key) ??
      meter.createHistogram(name, {
        description: help,
        advice: { explicitBucketBoundaries: [...bounds] },
      })
    histograms.set(key, made)
    return made
  }

  function counterOf(key: MetricKeyOf<'counter'>): Counter {
    const { name, help } = METRICS[key]
    const made = counters.get(key) ?? meter.createCounter(name, { description: help })
    counters.set(key, made)
    return made
  }

  const gauges = new Map<MetricKey, ReturnType<typeof meter.createObservableGauge>>()
  function gaugeOf(key: MetricKeyOf<'gauge'>) {
    const { name, help } = METRICS[key]
    const made = gauges.get(key) ?? meter.createObservableGauge(name, { description: help })
    gauges.set(key, made)
    return made
  }

  function forService(service: string): Metrics {
    return {
      histogram: (key, labels) => {
        const instrument = histogramOf(key)
        const attributes: Attributes = Object.freeze({ service, ...labels })
        return value => instrument.record(value, attributes)
      },
      counter: (key, labels) => {
        const instrument = counterOf(key)
        const attributes: Attributes = Object.freeze({ service, ...labels })
        return (by = 1) => instrument.add(by, attributes)
      },
      gauge: (key, observe) => {
        const instrument = gaugeOf(key)
        const callback = (result: ObservableResult) => {
          for (const { value, labels } of observe()) result.observe(value, { service, ...labels })
        }
        instrument.addCallback(callback)
        return () => instrument.removeCallback(callback)
      },
    }
  }

  const stopProcess = observeProcess(forService('process'))
  return {
    forService,
    text: async () => serializer.serialize((await reader.collect()).resourceMetrics),
    close: async () => {
      stopProcess()
      await provider.shutdown()
    },
  }
}

function observeProcess(metrics: Metrics): () => void {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  let busy = performance.eventLoopUtilization()
  metrics.gauge('loopDelay', () => {
    const seconds = Math.max(0, delay.percentile(99) / 1e9 - 0.01)
    delay.reset()
    return [{ value: seconds, labels: {} }]
  })
  metrics.gauge('loopUtilization', () => {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, busy)
    busy = now
    return [{ value: utilization, labels: {} }]
  })
  metrics.gauge('heapUsed', () => [{ value: process.memoryUsage().heapUsed, labels: {} }])
  metrics.gauge('residentMemory', () => [{ value: process.memoryUsage.rss(), labels: {} }])
  return () => delay.disable()
}
