/** The parts of a lab's page that a narrow screen shows one at a time. */
export const panels = ['instructions', 'editor', 'verdict', 'attempts'] as const
