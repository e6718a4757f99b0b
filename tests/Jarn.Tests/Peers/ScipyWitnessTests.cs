using Jarn.Runner.Data;
using Jarn.Tests.Data;

namespace Jarn.Tests.Peers;

/// <summary>SciPy's MAT-files, written by no code of ours.</summary>
public sealed class ScipyWitnessTests : DatasetTests
{
    [Test]
    public void SVHN_as_SciPy_writes_it_is_read()
    {
        (int exitCode, string output) = Python.Execute(
            Python.With("scipy.io", "SciPy (Debian: python3-scipy)"), Python.Script("svhn_files.py"), Folder.Path);
        Assert.That(exitCode, Is.Zero, output);
        string[] folders = Directory.GetDirectories(Folder.Path);
        Assert.That(folders, Has.Length.EqualTo(14));
        foreach (string folder in folders)
        {
            Dataset data = Load(PublishedDataset.Svhn, given: folder);
            Assert.That(data.Subset, Is.EqualTo("13 of 73 257 training images, 2 of 26 032 test images"), folder);
            Assert.That(data.Train.Labels.ToArray(), Is.EqualTo(Enumerable.Range(0, 13).Select(n => (byte)((n + 1) % 10))), folder);
            for (int n = 0; n < data.Train.Count; n++)
            {
                byte[] expected = [.. Enumerable.Range(0, data.Train.PixelsPerImage).Select(i => MatFiles.Pixel(n, i / 96, i / 3 % 32, i % 3))];
                Assert.That(data.Train.Image(n).SequenceEqual(expected), Is.True, folder);
            }
        }
    }
}
