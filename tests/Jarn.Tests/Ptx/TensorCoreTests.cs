namespace Jarn.Tests.Ptx;

/// <summary>mma.sync, ldmatrix and cp.async.</summary>
public sealed class TensorCoreTests
{
    [Test]
    public void A_product_of_matrices_with_each_lanes_fragments()
    {
        Random random = new(1);
        float[] Matrix(int length) => [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)];
        float[] a = Matrix(16 * 8), b = Matrix(8 * 8), c = Matrix(16 * 8);
        // As the PTX ISA has it, by lane and number within the fragment.
        float[] fragmentsA = Fragments(4, (group, member, i) => a[((i is 0 or 2 ? group : group + 8) * 8) + (i < 2 ? member : member + 4)]);
        float[] fragmentsB = Fragments(2, (group, member, i) => b[((i == 0 ? member : member + 4) * 8) + group]);
        float[] fragmentsC = Fragments(4, (group, member, i) => c[((i < 2 ? group : group + 8) * 8) + (member * 2) + (i & 1)]);
        float[] d = new float[32 * 4];
        new SmallKernel("""
            mad.lo.u64 %at, %word, 4, %p0; ld.global.v4.b32 {%a0, %a1, %a2, %a3}, [%at];
            mad.lo.u64 %at, %word, 2, %p1; ld.global.v2.b32 {%b0, %b1}, [%at];
            mad.lo.u64 %at, %word, 4, %p2; ld.global.v4.f32 {%c0, %c1, %c2, %c3}, [%at];
            mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%c0,%c1,%c2,%c3}, {%a0,%a1,%a2,%a3}, {%b0,%b1}, {%c0,%c1,%c2,%c3};
            mad.lo.u64 %at, %word, 4, %p3; st.global.v4.f32 [%at], {%c0, %c1, %c2, %c3};
            """, ".reg .b64 %at; .reg .b32 %a<4>, %b<2>; .reg .f32 %c<4>;").Run(fragmentsA, fragmentsB, fragmentsC, d);
        float[] expected = Fragments(4, (group, member, i) =>
        {
            int row = i < 2 ? group : group + 8, column = (member * 2) + (i & 1);
            double products = Enumerable.Range(0, 8).Sum(k => (double)Truncated(a[(row * 8) + k]) * Truncated(b[(k * 8) + column]));
            return (float)(c[(row * 8) + column] + products);
        });
        // Sums are cut off, not rounded: an ulp of the largest.
        Assert.That(d, Is.EqualTo(expected).Within(MathF.ScaleB(1, -22)));
        Assert.That(d.Zip(expected, (have, want) => have != want && Math.Abs(have) > Math.Abs(want)), Has.None.True);
    }

    [Test]
    public void All_lanes_must_take_part_in_a_product() =>
        Assert.That(() => new SmallKernel("""
            setp.lt.u32 p, %tid, 31;
            @p mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%c0,%c1,%c2,%c3}, {%a0,%a1,%a2,%a3}, {%b0,%b1}, {%c0,%c1,%c2,%c3};
            """, ".reg .pred p; .reg .b32 %a<4>, %b<2>; .reg .f32 %c<4>;").Run(),
            Throws.TypeOf<PtxException>().With.Message.Contains("all 32 lanes"));

    [TestCase(1, false)]
    [TestCase(2, false)]
    [TestCase(4, false)]
    [TestCase(4, true)]
    public void Matrices_are_loaded_from_rows(int count, bool isTransposed)
    {
        ushort[] elements = [.. Enumerable.Range(0, 4 * 64).Select(i => (ushort)(i * 7))];
        uint[] results = new uint[32 * 4];
        string registers = string.Join(", ", Enumerable.Range(0, count).Select(i => $"%d{i}"));
        new SmallKernel($$"""
            mad.lo.u64 %at, %word, 4, %p0; ld.global.v4.b32 {%d0, %d1, %d2, %d3}, [%at];
            mov.u32 %row, tile; mad.lo.u32 %row, %tid, 16, %row; st.shared.v4.b32 [%row], {%d0, %d1, %d2, %d3};
            bar.sync 0;
            ldmatrix.sync.aligned.m8n8.x{{count}}{{(isTransposed ? ".trans" : "")}}.shared.b16 { {{registers}} }, [%row];
            mad.lo.u64 %at, %word, 4, %p1; st.global.v4.b32 [%at], {%d0, %d1, %d2, %d3};
            """, ".reg .b64 %at; .reg .b32 %row, %d<4>; .shared .align 16 .b8 tile[512];").Run(elements, results);
        for (int lane = 0; lane < 32; lane++)
        {
            for (int matrix = 0; matrix < count; matrix++)
            {
                int row = lane / 4, column = 2 * (lane % 4);
                int first = isTransposed ? (column * 8) + row : (row * 8) + column, second = first + (isTransposed ? 8 : 1);
                uint expected = elements[(matrix * 64) + first] | ((uint)elements[(matrix * 64) + second] << 16);
                Assert.That(results[(lane * 4) + matrix], Is.EqualTo(expected), $"lane {lane}, matrix {matrix}");
            }
        }
    }

    private const string CopyRegisters = ".reg .b64 %at; .reg .b32 %to, %a, %size, %other; .shared .align 16 .b8 tile[1024];";

    /// <summary>16 bytes for each thread; %other is where the neighbour's are.</summary>
    private const string CopyAddresses =
        "mad.lo.u64 %at, %word, 4, %p0; mov.u32 %to, tile; mad.lo.u32 %to, %tid, 16, %to; xor.b32 %other, %to, 16; mov.u32 %size, 8;";

    [TestCase("cp.async.cg.shared.global [%to], [%at], 16; cp.async.commit_group; cp.async.wait_group 0; ld.shared.b32 %result, [%to+12];", 3)]
    [TestCase("cp.async.cg.shared.global [%to], [%at], 16, %size; cp.async.wait_all; ld.shared.b32 %result, [%to+12];", -1)]
    [TestCase("cp.async.ca.shared.global.L2::128B [%to+4], [%at+4], 4; cp.async.wait_all; ld.shared.b32 %result, [%to+4];", 1)]
    [TestCase("cp.async.cg.shared.global [%to], [%at], 16; cp.async.wait_all; bar.sync 0; ld.shared.b32 %result, [%other+4]; "
        + "sub.u32 %a, %to, %other; shr.s32 %a, %a, 2; add.s32 %result, %result, %a;", 1)]
    [TestCase("cp.async.ca.shared.global [%to], [%at], 4; cp.async.commit_group; cp.async.ca.shared.global [%to+4], [%at+4], 4; "
        + "cp.async.commit_group; cp.async.wait_group 1; ld.shared.b32 %result, [%to];", 0)]
    public void Copies_that_are_waited_for(string body, int element)
    {
        uint[] from = [.. Enumerable.Range(0, 128).Select(i => (uint)i)];
        Assert.That(new SmallKernel(CopyAddresses + body, CopyRegisters).Results(from),
            Is.EqualTo(Enumerable.Range(0, 32).Select(i => element < 0 ? 0u : (uint)((4 * i) + element))));
    }

    [TestCase("cp.async.cg.shared.global [%to], [%at], 16; ld.shared.b32 %a, [%to];",
        "a cp.async of thread 0 is under way that nothing has waited for")]
    [TestCase("cp.async.cg.shared.global [%to], [%at], 16; cp.async.wait_group 0; ld.shared.b32 %a, [%to];", "under way")]
    [TestCase("cp.async.cg.shared.global [%to], [%at], 16; cp.async.commit_group; cp.async.wait_group 1; ld.shared.b32 %a, [%to];", "under way")]
    [TestCase("cp.async.cg.shared.global [%to], [%at], 16; st.shared.b32 [%to], %size;", "writes")]
    [TestCase("cp.async.cg.shared.global [%to], [%at], 16; cp.async.wait_all; ld.shared.b32 %a, [%other];", "a race: reads")]
    [TestCase("cp.async.cg.shared.global [%to], [%at], 16; bar.sync 0; cp.async.wait_all; ld.shared.b32 %a, [%other];", "a race: reads")]
    [TestCase("st.shared.b32 [%to], %size; bar.sync 0; ld.shared.b32 %a, [%other]; cp.async.cg.shared.global [%to], [%at], 16;", "a race: writes")]
    [TestCase("cp.async.cg.shared.global [%to+8], [%at], 16;", "misaligned")]
    [TestCase("cp.async.cg.shared.global [%to], [%at+4], 16;", "misaligned")]
    [TestCase("cp.async.cg.shared.global [%to], [%at+16], 16;", "thread 31: reads 4 bytes")]
    [TestCase("cp.async.cg.shared.global [%to+1024], [%at], 16;", "outside of every variable")]
    public void Copies_that_go_wrong(string body, string fault) =>
        Assert.That(() => new SmallKernel(CopyAddresses + body, CopyRegisters).Run(new uint[128]),
            Throws.TypeOf<PtxException>().With.Message.Contains(fault));

    private static float[] Fragments(int length, Func<int, int, int, float> element) =>
        [.. Enumerable.Range(0, 32).SelectMany(lane => Enumerable.Range(0, length).Select(i => element(lane / 4, lane % 4, i)))];

    private static float Truncated(float value) => BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(value) & 0xFFFF_E000);
}
