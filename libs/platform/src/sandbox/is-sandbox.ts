/** Whether this process runs in a sandbox: decided before its modules are made, so that test helpers exist or do not. */
export const IS_SANDBOX = process.env.SANDBOX === '1';
