using System.Text.RegularExpressions;
using Jarn.Kernels;
using Jarn.Tests.Kernels;

namespace Jarn.Tests.Ptx;

/// <summary>Faults planted in the PTX of the product's own kernels: the interpreter finds each.</summary>
public sealed class PlantedFaultTests
{
    /// <summary>Of several tiles, none of them full.</summary>
    private static readonly MatMulGeometry Geometry = new(65, 70, 37);

    [Test]
    public void Every_barrier_of_the_product_is_missed()
    {
        int barriers = 0;
        Product(text =>
        {
            barriers = Math.Max(barriers, Barrier.Count(text));
            return text;
        });
        Assert.That(barriers, Is.Positive, "the product has barriers");
        for (int deleted = 0; deleted < barriers; deleted++)
        {
            int number = 0;
            Assert.That(() => Product(text => Barrier.Replace(text, match => number++ == deleted ? "" : match.Value)),
                Throws.TypeOf<PtxException>().With.Message.Contains("of shared memory"), $"barrier {deleted} of {barriers} deleted");
        }
    }

    [TestCase("+4096", "outside of every view")]
    [TestCase("-16", "outside of every view")]
    [TestCase("+2", "misaligned")]
    public void A_read_that_is_elsewhere(string offset, string fault) =>
        Assert.That(() => Product(text => Regex.Replace(text, @"(ld\.global\S*\s+[^\[]*\[%rd\d+)([^\]]*\])", $"$1{offset}$2")),
            Throws.TypeOf<PtxException>().With.Message.Match($"'ld\\.global.*in group \\d+, thread \\d+: reads .*{fault}"));

    [Test]
    public void A_write_beyond_the_result() =>
        Assert.That(() => Product(text => Regex.Replace(text, @"(st\.global\S*\s+\[%rd\d+)", "$1+16")),
            Throws.TypeOf<PtxException>().With.Message.Contains("writes"));

    [Test]
    public void A_barrier_that_half_a_warp_comes_to() =>
        Assert.That(
            () => Product(text => Barrier.Replace(text, "setp.lt.u32 odd_ones, %laneid, 16;\n@odd_ones bar.sync 0;")
                .Replace(".reg .pred", ".reg .pred odd_ones;\n.reg .pred")),
            Throws.TypeOf<PtxException>().With.Message.Contains("a divergent barrier"));

    [Test]
    public void What_is_not_planted_is_not_found() => Assert.That(() => Product(text => text), Throws.Nothing);

    private static readonly Regex Barrier = new(@"bar\.sync\s+0;");

    private static void Product(Func<string, string> edit)
    {
        using GpuDevice device = PtxLauncher.OpenDevice(edit);
        MatMulTests.MatMulOf(Geometry).On(device);
    }
}
