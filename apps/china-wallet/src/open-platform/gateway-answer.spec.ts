import { createServer, type Server } from 'node:http';
import { generateKeyPairSync, sign } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { isSignedAnswer, membersOf, StrictAlipaySdk } from './gateway-answer';

const METHOD = 'alipay.fund.trans.common.query';
const NODE = 'alipay_fund_trans_common_query_response';
const alipay = generateKeyPairSync('rsa', { modulusLength: 2048 });
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 });

const signature = (text: string, by = alipay): string =>
  sign('sha256', Buffer.from(text), by.privateKey).toString('base64');
const GENUINE = '{"code":"10000","msg":"Success","out_biz_no":"ours","status":"FAIL"}';
const FORGED = '{"code":"10000","msg":"Success","out_biz_no":"ours","status":"SUCCESS"}';
const member = (name: string, text: string): string => `"${name}":${text}`;
const signedBy = (text: string, by = alipay): string => member('sign', `"${signature(text, by)}"`);

describe('the members of an answer', () => {
  it('are the texts they came as, whatever they hold', () => {
    const tree = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), tree), fc.constantFrom(undefined, 1, '\t'), (object, space) => {
        const json = JSON.stringify(object, null, space);
        const read = [...(membersOf(json) ?? [])].map(([name, text]) => [name, JSON.parse(text) as unknown]);
        expect(JSON.stringify(read)).toBe(JSON.stringify(Object.entries(object)));
      }),
    );
  });

  it.each([
    ['{"a":1,"a":2}', null],
    ['{"a":1,"\\u0061":2}', null],
    ['{"a":{"b":1,"b":2}}', [['a', '{"b":1,"b":2}']]],
    [
      '{"a":"}{,:\\"a\\":","b" : [ {"a":1} , "]" ] }',
      [
        ['a', '"}{,:\\"a\\":"'],
        ['b', '[ {"a":1} , "]" ]'],
      ],
    ],
    ['{}', []],
    ['["a"]', []],
    ['"a"', []],
  ])('of %s are %j', (json, expected) => {
    const members = membersOf(json);
    expect(members && [...members]).toEqual(expected);
  });
});

/** Whether our client takes the answer as signed, and what it then reads. */
async function answered(body: string): Promise<Record<string, unknown> | 'refused'> {
  const server: Server = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-type', 'text/html;charset=utf-8').end(body));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const sdk = new StrictAlipaySdk({
    appId: '2021000000000000',
    privateKey: stranger.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    keyType: 'PKCS8',
    alipayPublicKey: alipay.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    gateway: `http://127.0.0.1:${(server.address() as AddressInfo).port}/gateway.do`,
    camelcase: false,
  });
  try {
    return await sdk.exec(METHOD, { bizContent: {} }, { validateSign: true });
  } catch {
    return 'refused';
  } finally {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
}

describe('an answer of the gateway', () => {
  const legal: [string, string][] = [
    ['with the signature behind it', `{${member(NODE, GENUINE)},${signedBy(GENUINE)}}`],
    ['with the signature in front of it', `{${signedBy(GENUINE)},${member(NODE, GENUINE)}}`],
    [
      'with the number of the certificate before or behind',
      `{${member(NODE, GENUINE)},"alipay_cert_sn":"0a1b",${signedBy(GENUINE)},"trace":"x"}`,
    ],
    ['laid out over lines', `{\n  ${member(NODE, GENUINE)} ,\n  ${signedBy(GENUINE)}\n}\n`],
  ];
  it.each(legal)('is taken %s', async (_, body) => {
    expect(await answered(body)).toMatchObject({ code: '10000', out_biz_no: 'ours', status: 'FAIL' });
  });

  it.each([
    ['slashes escaped, and not', '{"code":"10000","url":"https:\\/\\/a.example/b"}'],
    ['letters escaped', '{"code":"10000","msg":"\\u6210\\u529f \\ud83d\\ude00"}'],
    ['letters as they are', '{"code":"10000","msg":"成功 😀"}'],
    ['braces in texts and inside of one another', '{"code":"10000","msg":"}}{{","inner":{"a":[{"b":"]"}]}}'],
    ['its own name in a text', `{"code":"10000","msg":"${NODE}\\":{\\"code\\":\\"40004\\"}"}`],
    ['a sign of its own', '{"code":"10000","sign":"abc","inner":{"sign":"def"}}'],
    ['the word of the signature in a text', '{"code":"10000","msg":"\\"sign\\":\\"x\\""}'],
    ['spaces inside', '{ "code" : "10000" , "msg" : "" }'],
  ])('is verified over the text it came as: %s', async (_, node) => {
    expect(await answered(`{${member(NODE, node)},${signedBy(node)}}`)).toMatchObject({ code: '10000' });
    expect(await answered(`{${member(NODE, node.replace('10000', '10001'))},${signedBy(node)}}`)).toBe('refused');
  });

  it('in which the gateway itself refuses is taken where it is signed, and proves nothing where it is not', async () => {
    const refusal = '{"code":"40002","msg":"Invalid Arguments","sub_code":"isv.invalid-app-id"}';
    expect(await answered(`{${member('error_response', refusal)},${signedBy(refusal)}}`)).toMatchObject({
      sub_code: 'isv.invalid-app-id',
    });
    expect(await answered(`{${member('error_response', refusal)}}`)).toBe('refused');
  });

  const forged: [string, string][] = [
    ['a second node behind the signature', `{${member(NODE, GENUINE)},${signedBy(GENUINE)},${member(NODE, FORGED)}}`],
    ['a second node before the signature', `{${member(NODE, FORGED)},${member(NODE, GENUINE)},${signedBy(GENUINE)}}`],
    [
      'a second node under a name written otherwise',
      `{${member(NODE, GENUINE)},${signedBy(GENUINE)},${member(NODE.replace('a', '\\u0061'), FORGED)}}`,
    ],
    [
      'the signed node inside of another one',
      `{"x":{${member(NODE, GENUINE)}},${member(NODE, FORGED)},${signedBy(GENUINE)}}`,
    ],
    [
      'the signed node in a text',
      `{"x":"${JSON.stringify(`${NODE}":${GENUINE}`).slice(1, -1)}",${member(NODE, FORGED)},${signedBy(GENUINE)}}`,
    ],
    ['an error beside it', `{${member('error_response', GENUINE)},${member(NODE, FORGED)},${signedBy(GENUINE)}}`],
    ['two signatures', `{${member(NODE, FORGED)},${signedBy(FORGED, stranger)},${signedBy(GENUINE)}}`],
    ['the signature of a stranger', `{${member(NODE, FORGED)},${signedBy(FORGED, stranger)}}`],
    ['no signature', `{${member(NODE, FORGED)}}`],
    ['a signature that is none', `{${member(NODE, FORGED)},"sign":null}`],
    ['a signature in another spelling', `{${member(NODE, GENUINE)},"sign":"${signature(GENUINE)} "}`],
  ];
  it.each(forged)('with %s is refused', async (_, body) => {
    expect(await answered(body)).toBe('refused');
    expect(isSignedAnswer(body, NODE, alipay.publicKey)).toBe(false);
  });
});
