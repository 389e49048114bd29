/** How the client beside this file is made of the OpenAPI document: npx @hey-api/openapi-ts. */
export default {
  input: '../../openapi/gateway.json',
  // Node runs what ends in .ts; for a bundler or tsc to JavaScript take '.js'.
  output: { path: 'client', importFileExtension: '.ts' },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
};
