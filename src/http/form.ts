/** The media types of a GraphQL answer. */
export const forms = ['application/json', 'application/graphql-response+json'] as const;

export type Form = (typeof forms)[number];

/** The form of answer that an Accept header likes best, JSON where it leaves it open; null: it wants neither. */
export function acceptedForm(accept: string | undefined): Form | null {
  if (accept === undefined) return 'application/json';
  const known = choices.get(accept);
  if (known !== undefined) return known;
  const choice = chooseForm(accept);
  if (choices.size < MAX_CHOICES && accept.length < LONG) choices.set(accept, choice);
  return choice;
}

/** What clients accept is mostly one of a few texts. */
const choices = new Map<string, Form | null>();
const MAX_CHOICES = 200;
const LONG = 200;

function chooseForm(accept: string): Form | null {
  const wanted = accept
    .toLowerCase()
    .split(',')
    .map((one) => one.split(';').map((part) => part.trim()))
    .map(([type = '', ...parameters]) => ({ type, weight: weightOf(parameters), charset: isUtf8(parameters) }))
    .filter(({ weight, charset }) => weight > 0 && charset)
    .toSorted((a, b) => b.weight - a.weight);
  for (const { type } of wanted) {
    const form = forms.find((one) => type === one || type === '*/*' || type === 'application/*');
    if (form) return form;
  }
  return null;
}

function weightOf(parameters: string[]): number {
  const weight = parameters.find((one) => one.startsWith('q='));
  return weight === undefined ? 1 : Number(weight.slice(2)) || 0;
}

const isUtf8 = (parameters: string[]) =>
  parameters.every((one) => !one.startsWith('charset=') || /^charset="?utf-?8"?$/.test(one));
