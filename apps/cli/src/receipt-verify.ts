import type { ReceiptClaims } from '@cooperage/contracts'
import { maxReceiptBytes, verifyReceipt } from '@cooperage/receipts'
import { open } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { WrongUsage, type Command } from './command.js'

/** Thousands of keys. */
const maxKeysBytes = 4 << 20

export const receiptVerify: Command = {
  name: 'receipt verify',
  takes: '<file or -> --keys <file>',
  does: 'check a grade receipt with a file of /.well-known/jwks.json; needs no network',
  async run(args) {
    const { values, positionals } = parseArgs({
      args,
      options: { keys: { type: 'string' } },
      allowPositionals: true,
    })
    const [file, ...more] = positionals
    if (file === undefined || more.length > 0)
      throw new WrongUsage('it takes one file, or - for standard input')
    if (values.keys === undefined) throw new WrongUsage('--keys is missing: the file of the keys')
    return verify(file, values.keys)
  },
}

async function verify(file: string, keysFile: string): Promise<number> {
  // An editor or a shell ends the line; nothing else may stand behind a receipt.
  const receipt = (await read(file, maxReceiptBytes + 2)).replace(/\r?\n$/, '')
  const result = await verifyReceipt(receipt, jsonOf(keysFile, await read(keysFile, maxKeysBytes)))
  if (!result.ok) {
    console.error(`The receipt does not hold: ${printable(result.reason)}.`)
    return 1
  }
  console.log(`The receipt holds.\n\n${table(rows(result.claims, result.kid))}`)
  return 0
}

/** A file or standard input, no further than one byte too many: what comes is a stranger's. */
async function read(file: string, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    const input = file === '-' ? process.stdin : (await open(file)).createReadStream()
    for await (const chunk of input as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      length += chunk.length
      if (length > maxBytes) break
    }
  } catch (error) {
    throw new WrongUsage(`${file} cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
  return Buffer.concat(chunks).toString()
}

function jsonOf(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new WrongUsage(`${file} is not JSON: --keys is what /.well-known/jwks.json answers`)
  }
}

function rows(claims: ReceiptClaims, kid: string): [string, string][] {
  const { sandbox, score, maxScore, checks } = claims
  const { memoryMb, cpus, pids, diskMb } = sandbox.limits
  return [
    ['Installation', claims.iss],
    ['Learner', claims.learner],
    ['Lab', `${claims.lab} of ${claims.course}, revision ${claims.labRevision.slice(0, 12)}`],
    ['Cohort', claims.cohort],
    ['Submission', `${claims.submission}, attempt ${claims.attempt}${claims.late ? ', late' : ''}`],
    ['Files', `sha256 ${claims.submissionHash}`],
    ['Score', `${score} of ${maxScore}`],
    ...checks.map((check, index): [string, string] => [
      index === 0 ? 'Checks' : '',
      `${check.status.padEnd(7)}  ${check.points} of ${check.maxPoints}  ${check.title}`,
    ]),
    [
      'Graded',
      claims.assurance === 'replayed'
        ? 'in a fresh sandbox, from the submitted files'
        : 'in the learner’s session',
    ],
    ['Sandbox', `profile ${sandbox.profile} (${sandbox.profileHash.slice(0, 12)}) on ${sandbox.runtime}`],
    ['', `image ${sandbox.imageDigest.slice(0, 'sha256:'.length + 12)}`],
    ['', `${memoryMb} MB of memory, ${cpus} CPUs, ${pids} processes, ${diskMb} MB of disk`],
    ['Submitted at', claims.submittedAt],
    ['Graded at', claims.gradedAt],
    ['Signed at', new Date(claims.iat * 1000).toISOString()],
    ['Key', kid],
  ]
}

const table = (lines: [string, string][]) => {
  const width = Math.max(...lines.map(([name]) => name.length))
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${printable(value)}`).join('\n')
}

/** Without anything that a terminal obeys. */
const printable = (text: string) => text.replace(/\p{C}/gu, '\uFFFD')
