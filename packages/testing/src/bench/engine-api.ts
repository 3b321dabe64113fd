/** The Engine API with nothing between: what a grading costs the engine at the least, and what stands around in it. */
import { Agent, request } from 'node:http'

export interface Answer {
  status: number
  body: string
}

export class EngineApi {
  private readonly agent = new Agent({ keepAlive: true })

  constructor(private readonly socketPath: string) {}

  call(method: string, path: string, body?: unknown): Promise<Answer> {
    return new Promise((done, failed) => {
      const text = body === undefined ? '' : JSON.stringify(body)
      const headers = body === undefined ? {} : { 'content-type': 'application/json' }
      const options = { socketPath: this.socketPath, agent: this.agent, method, path, headers }
      const sending = request(options, (response) => {
        let answer = ''
        response.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk))
        response.once('end', () => done({ status: response.statusCode ?? 0, body: answer }))
      })
      sending.once('error', failed)
      sending.end(text)
    })
  }

  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { status, body: text } = await this.call(method, path, body)
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`)
    return (text === '' ? undefined : JSON.parse(text)) as T
  }

  close(): void {
    this.agent.destroy()
  }
}

interface Inspected {
  Config: Record<string, unknown>
  HostConfig: Record<string, unknown>
}

/** The create body of a container that the product made: the same options, field for field. */
export async function optionsOfWarmPod(engine: EngineApi): Promise<Record<string, unknown>> {
  const filters = encodeURIComponent(JSON.stringify({ label: ['cooperage.kind=learner'] }))
  const [pod] = await engine.json<{ Id: string }[]>('GET', `/containers/json?filters=${filters}`)
  if (!pod) throw new Error('no warm pod to take the options from')
  const { Config, HostConfig } = await engine.json<Inspected>('GET', `/containers/${pod.Id}/json`)
  // Not the product's: its labels would make them the product's to sweep, its id is the engine's to give.
  const { Labels: _, ...config } = Config
  return { ...config, HostConfig }
}

/** Create, start, exec, remove: one grading's calls to the engine and nothing else. Resolves to what the command printed. */
export async function bareCycle(
  engine: EngineApi,
  options: unknown,
  argv: readonly string[],
): Promise<string> {
  const { Id } = await engine.json<{ Id: string }>('POST', '/containers/create', options)
  try {
    await engine.json('POST', `/containers/${Id}/start`)
    const exec = await engine.json<{ Id: string }>('POST', `/containers/${Id}/exec`, {
      Cmd: argv,
      AttachStdout: true,
      AttachStderr: true,
    })
    const output = await engine.call('POST', `/exec/${exec.Id}/start`, { Detach: false, Tty: false })
    const { ExitCode } = await engine.json<{ ExitCode: number | null }>('GET', `/exec/${exec.Id}/json`)
    if (ExitCode !== 0) throw new Error(`the command ended with ${ExitCode}: ${output.body}`)
    return output.body
  } finally {
    await engine.json('DELETE', `/containers/${Id}?force=1&v=1`)
  }
}
