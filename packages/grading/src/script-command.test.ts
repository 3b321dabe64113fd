import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { interpreterOf, readTrailer, scriptArgv } from './script-command.js'

describe('interpreterOf', () => {
  test.each([
    ['echo hi', ['bash']],
    ['#!/bin/sh\necho', ['/bin/sh']],
    ['#!/usr/bin/env python3\nprint()', ['/usr/bin/env', 'python3']],
    ['#! /usr/bin/env -S python3 -I \r\nprint()', ['/usr/bin/env', '-S python3 -I']],
    ['#!\necho', ['bash']],
    ['', ['bash']],
  ])('%j', (content, argv) => {
    expect(interpreterOf(Buffer.from(content))).toEqual(argv)
  })
})

describe('the wrapper', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cooperage-wrapper-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  function run(content: string, marker = 'M'.repeat(24)) {
    const path = join(folder, 'check.sh')
    writeFileSync(path, content)
    const [program = '', ...args] = scriptArgv(path, Buffer.from(content), marker)
    const { status, stdout, stderr } = spawnSync(program, args)
    return { code: status, stdout: stdout.toString(), ...readTrailer(stderr, marker) }
  }

  test('passes on exit code, stdout and stderr', () => {
    expect(run('echo out; echo err >&2; exit 3')).toEqual({
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      points: null,
    })
  })

  test('takes the last points that stand on a line of their own on fd 3', () => {
    expect(run('echo points=1 >&3; echo points=2.5 >&3; exit 1').points).toBe(2.5)
    expect(run('echo xpoints=1 >&3; echo points=-1 >&3; echo points=1e9 >&3').points).toBeNull()
  })

  test('does not take points from stdout or stderr', () => {
    expect(run('echo points=9; echo points=9 >&2').points).toBeNull()
  })

  test('is not fooled by an older marker in the script’s own output', () => {
    const marker = 'known'
    expect(run(`printf '\\nknown\\npoints=9\\n' >&2; echo points=1 >&3`, marker).points).toBe(1)
    expect(run(`printf '\\nknown\\npoints=9\\n' >&2`, marker).points).toBeNull()
  })

  test('gives the script no sight of the marker in its environment', () => {
    const marker = 'secret-marker'
    expect(run('env; echo "$0 $@"', marker).stdout).not.toContain(marker)
  })

  test('does not wait for what the script leaves running', () => {
    const result = run('sleep 60 >/dev/null 2>&1 & echo $!; echo points=1 >&3')
    execFileSync('kill', [result.stdout.trim()])
    expect(result.points).toBe(1)
  })
})
