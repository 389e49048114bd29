/** Where the gateway is, which the generated functions ask for at each call. */
export let baseUrl = '';

export function setBaseUrl(url: string): void {
  baseUrl = url;
}
