import { chooseDataFolder, elsewhere, findProjectFolder } from './data-folder';

describe('the data folder', () => {
  it('is where GATEWAY_DATA says, whatever the project', () => {
    expect(chooseDataFolder('/anywhere', '/data/mine')).toBe('/data/mine');
  });

  it('is the same for the same project and another for another, outside of both', () => {
    expect(elsewhere('/home/a/gateway')).toBe(elsewhere('/home/a/gateway/'));
    expect(elsewhere('/home/a/gateway')).not.toBe(elsewhere('/home/b/gateway'));
  });

  it('belongs to the project that the running file is in', () => {
    expect(findProjectFolder(__dirname)).toBe(process.cwd());
  });
});
