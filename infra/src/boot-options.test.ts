import { describe, expect, test } from '@jest/globals'
import { parseOptions, type StartOptions } from '../boot/options.mjs'

const parse = (argv: string[], env: NodeJS.ProcessEnv = {}) => parseOptions(argv, env, '/repo', '/home/ada')
const start = (given: string[], env: NodeJS.ProcessEnv = {}) =>
  parse(['start', ...given], env) as StartOptions

describe('the command line of npm start', () => {
  test('has defaults that need nothing', () => {
    expect(start([])).toEqual({
      command: 'start',
      help: false,
      port: 3000,
      host: '127.0.0.1',
      courses: [],
      demo: true,
      labs: true,
      data: '/repo/.cooperage',
      rebuild: false,
    })
  })

  test('goes before the environment', () => {
    const options = start(['--port=8080', '--host', '0.0.0.0'], { PORT: '9000', HOST: '10.0.0.1' })
    expect([options.port, options.host]).toEqual([8080, '0.0.0.0'])
    expect(start([], { PORT: '9000' }).port).toBe(9000)
  })

  test('collects course folders, relative to where it was typed, each once', () => {
    const options = start(['--course', 'networking', '--course=/srv/git'], {
      COOPERAGE_COURSES: '/srv/git:/srv/sql',
    })
    expect(options.courses).toEqual(['/srv/git', '/srv/sql', '/home/ada/networking'])
  })

  test.each([
    [['--prot', '80'], '"--prot" is not an option.'],
    [['--demo=false'], '"--demo=false" is not an option.'],
    [['--port'], '--port needs a value.'],
    [['--port', '--no-demo'], '--port needs a value.'],
    [['--port', '0'], '--port is "0", which is not a port.'],
    [['--port', '3e3'], '--port is "3e3", which is not a port.'],
    [['--course', 'a:b'], 'The course folder /home/ada/a:b has a colon in its name.'],
  ])('refuses %j', (given, message) => {
    expect(() => start(given)).toThrow(message)
  })
})

describe('the command line of npm test', () => {
  test('hands on what follows --', () => {
    expect(parse(['test', '--only', 'unit', '--', '-t', 'late'])).toMatchObject({
      only: ['unit'],
      rest: ['-t', 'late'],
    })
  })

  test('knows its stages', () => {
    expect(() => parse(['test', '--only', 'smoke'])).toThrow('"smoke" is not a stage.')
  })
})
