import {
  createSourceFile,
  forEachChild,
  getJSDocCommentsAndTags,
  isClassDeclaration,
  isFunctionDeclaration,
  isVariableStatement,
  ScriptTarget,
  SyntaxKind,
  type Node,
  type Statement,
} from 'typescript';
import { sourceFiles, textOf } from './source-files';

interface Export {
  file: string;
  name: string;
  documented: boolean;
}

const production = [...sourceFiles('libs', '.ts'), ...sourceFiles('apps', '.ts')].filter(
  (file) => !file.endsWith('.spec.ts'),
);

function exportsOf(file: string, wanted: (statement: Statement, text: string) => boolean): Export[] {
  const source = createSourceFile(file, textOf(file), ScriptTarget.ES2023, true);
  const found: Export[] = [];
  forEachChild(source, (node: Node) => {
    const statement = node as Statement;
    const text = statement.getText(source);
    if (!text.startsWith('export ') || !wanted(statement, text)) return;
    found.push({ file, name: text.slice(0, 70), documented: getJSDocCommentsAndTags(statement).length > 0 });
  });
  return found;
}

function undocumented(exports: Export[]): string[] {
  return exports.filter(({ documented }) => !documented).map(({ file, name }) => `${file}: ${name}`);
}

const isPort = (statement: Statement): boolean =>
  isClassDeclaration(statement) && (statement.modifiers ?? []).some(({ kind }) => kind === SyntaxKind.AbstractKeyword);
const isContract = (statement: Statement, text: string): boolean =>
  (isVariableStatement(statement) || isFunctionDeclaration(statement)) && /defineContract[<(]/.test(text);

describe('doc comments', () => {
  it('stand at every exported port', () => {
    const ports = production.flatMap((file) => exportsOf(file, isPort));
    expect(ports.length).toBeGreaterThan(3);
    expect(undocumented(ports)).toEqual([]);
  });

  it('stand at every contract', () => {
    const contracts = sourceFiles('libs/contracts/src', '.v1.ts').flatMap((file) => exportsOf(file, isContract));
    expect(contracts.length).toBeGreaterThan(8);
    expect(undocumented(contracts)).toEqual([]);
  });

  it('stand at every table, in the database itself', () => {
    const missing: string[] = [];
    let tables = 0;
    for (const file of production) {
      const sql = textOf(file);
      for (const [, name] of sql.matchAll(/CREATE (?:UNLOGGED )?TABLE (?:IF NOT EXISTS )?([a-z_]+) ?\(/g)) {
        tables++;
        if (!sql.includes(`COMMENT ON TABLE ${name} IS`)) missing.push(`${file}: ${name}`);
      }
    }
    expect(tables).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });
});
