/** The way traces leave this process, while there is one. */
export type Tracing = { close(): Promise<void> }

type Environment = Record<string, string | undefined>

/**
 * Sends traces to where OTEL_EXPORTER_OTLP_ENDPOINT (or OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) says. Where neither is
 * set nothing is loaded, and nothing is paid.
 * @param options.service what the process calls itself unless OTEL_SERVICE_NAME does
 * @param options.onError told at most once a minute that spans were lost
 * @throws Error when the protocol is none that is spoken here
 */
export async function openTracing(options: {
  env: Environment
  service: string
  onError(message: string): void
}): Promise<Tracing> {
  if (!isWanted(options.env)) return { close: async () => {} }
  // OpenTelemetry reads the process's own environment; what stands in .env must be there too.
  for (const [name, value] of Object.entries(options.env)) {
    if (name.startsWith('OTEL_')) process.env[name] ??= value
  }
  const { exportTraces } = await import('./otlp.ts')
  return await exportTraces(options)
}

function isWanted(env: Environment): boolean {
  if (env.OTEL_SDK_DISABLED === 'true' || env.OTEL_TRACES_EXPORTER === 'none') return false
  return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT)
}
