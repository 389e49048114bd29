/** Types and functions over fetch; Node wants the endings of files. */
export default {
  input: '../gateway.json',
  output: { path: 'generated', importFileExtension: '.js' },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
};
