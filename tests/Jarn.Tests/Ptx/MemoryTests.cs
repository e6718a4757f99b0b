namespace Jarn.Tests.Ptx;

/// <summary>What the interpreter checks of memory: each fault is committed once.</summary>
public sealed class MemoryTests
{
    private const string Registers = ".reg .b32 %a, %b, %c, %d; .reg .b64 %at, %to; .reg .pred p; .reg .f32 %f<4>; "
        + ".shared .align 16 .b8 first[256]; .shared .align 16 .b8 second[1024];";

    /// <summary>%at is the thread's word in the first shared array, %to the next thread's.</summary>
    private const string Addresses = "mov.u64 %at, first; add.u64 %at, %at, %word; add.u64 %to, %at, 4;";

    [Test]
    public void Vectors_of_every_size_are_moved()
    {
        float[] from = [.. Enumerable.Range(0, 128).Select(i => (float)i)], to = new float[128];
        new SmallKernel("""
            mad.lo.u64 %at, %word, 4, %p0;
            mad.lo.u64 %to, %word, 4, %p1;
            ld.global.v4.f32 {%f0, %f1, %f2, %f3}, [%at];
            st.global.v2.f32 [%to], {%f3, %f2};
            st.global.f32 [%to+8], %f1;
            st.global.f32 [%to+12], %f0;
            """, Registers).Run(from, to);
        Assert.That(to, Is.EqualTo(from.Select((_, i) => (float)((i / 4 * 4) + 3 - (i % 4)))));
    }

    [Test]
    public void Bytes_carry_their_sign()
    {
        uint[] results = new uint[2];
        const string body = "ld.global.s8 %a, [%p0+1]; st.global.b32 [%p1], %a; ld.global.u8 %a, [%p0+1]; st.global.b32 [%p1+4], %a;";
        new SmallKernel(body, Registers) { Threads = 1 }.Run(new byte[] { 1, 0xFE, 3, 4 }, results);
        Assert.That(results, Is.EqualTo(new[] { 0xFFFF_FFFE, 0xFEu }));
    }

    [Test]
    public void Local_and_generic_addresses_lead_to_a_threads_own_and_to_shared_memory()
    {
        uint[] results = new SmallKernel("""
            .local .align 4 .b8 own[8];
            mov.u64 %at, own;
            st.local.b32 [%at+4], %tid;
            cvta.local.u64 %at, %at;
            ld.b32 %a, [%at+4];
            mov.u64 %to, second;
            add.u64 %to, %to, %word;
            cvta.shared.u64 %at, %to;
            st.b32 [%at], %a;
            ld.shared.b32 %result, [%to];
            """, Registers).Results();
        Assert.That(results, Is.EqualTo(Enumerable.Range(0, 32).Select(i => (uint)i)));
    }

    [TestCase("add.u64 %at, %p0, %word; ld.global.b32 %a, [%at+4];", "'ld.global.b32 %a, [%at+4]' in group 0, thread 31: reads 4 bytes at",
        "128 bytes into one of 128 bytes")]
    [TestCase("add.u64 %at, %p0, %word; st.global.b32 [%at-4], %a;", "thread 0: writes 4 bytes", "4 bytes before one of 128 bytes")]
    [TestCase("ld.global.v2.b32 {%a, %b}, [%p0+124];", "thread 0: reads 8 bytes", "outside of every view")]
    [TestCase("ld.global.b32 %a, [%p0+2];", "thread 0", "of global memory, which is misaligned")]
    [TestCase("ld.global.v4.b32 {%a, %b, %c, %d}, [%p0+8];", "thread 0: reads 16 bytes", "misaligned")]
    [TestCase("mov.u64 %at, 64; ld.global.b32 %a, [%at];", "reads 4 bytes at 0x40, outside of every view", "")]
    [TestCase("ld.shared.b32 %a, [first];", "reads 0x100 of shared memory, which nobody has written", "")]
    [TestCase("st.shared.b32 [first+256], %a;", "outside of every variable", "writes")]
    [TestCase("st.shared.b32 [first-4], %a;", "outside of every variable", "writes")]
    [TestCase("st.shared.b32 [second+1000000], %a;", "of shared memory, outside of every variable", "")]
    [TestCase("st.shared.v4.b32 [second+8], {%a, %a, %a, %a};", "of shared memory, which is misaligned", "")]
    [TestCase(".local .b8 own[8]; st.local.b32 [own+8], %a;", "of local memory", "outside of its 8 bytes")]
    public void An_access_that_leads_nowhere(string body, string fault, string more) =>
        Assert.That(() => new SmallKernel($"mov.u32 %a, 0;\n{body}", Registers).Run(new float[32]),
            Throws.TypeOf<PtxException>().With.Message.Contains(fault).And.Message.Contains(more));

    [TestCase("st.shared.b32 [%at], %tid; ld.shared.b32 %a, [%to];", "a race: reads", "has written", 64)]
    [TestCase("st.shared.b32 [%at], %tid; bar.sync 0; setp.lt.u32 p, %tid, 32; @p ld.shared.b32 %a, [%at+128]; @!p st.shared.b32 [%at], %tid;",
        "thread 32: a race: writes", "thread 0 has read", 64)]
    [TestCase("st.shared.b32 [first], %tid;", "a race: writes 0x100 of shared memory, which thread 0 has written", "thread 1", 2)]
    [TestCase("st.shared.b32 [%at], %tid; bar.sync 0; ld.shared.b32 %a, [first]; st.shared.b32 [first], %a;", "a race: writes", "has read", 2)]
    [TestCase("st.shared.b32 [%at], %tid; bar.warp.sync 0xFFFFFFFF; xor.b32 %a, %tid, 32; mul.wide.u32 %word, %a, 4; mov.u64 %at, first; "
        + "add.u64 %at, %at, %word; ld.shared.b32 %a, [%at];", "reads", "which nobody has written", 64)]
    public void Races_in_shared_memory(string body, string fault, string more, int threads) =>
        Assert.That(() => new SmallKernel(Addresses + body, Registers) { Threads = threads }.Run(),
            Throws.TypeOf<PtxException>().With.Message.Contains(fault).And.Message.Contains(more));

    /// <summary>Each thread reads what its neighbour wrote, and overwrites it: both times something must come between.</summary>
    [TestCase("bar.sync 0;", "bar.sync 0;", null)]
    [TestCase("bar.warp.sync 0xFFFFFFFF;", "bar.warp.sync 0xFFFFFFFF;", null)]
    [TestCase("", "bar.sync 0;", "has written")]
    [TestCase("bar.sync 0;", "", "has read")]
    [TestCase("membar.cta;", "bar.sync 0;", "has written")]
    [TestCase("bar.warp.sync 0xFFFFFFFF;", "", "has read")]
    public void Neighbours_in_a_warp(string beforeRead, string beforeWrite, string? fault)
    {
        string body = $"""
            {Addresses}
            st.shared.b32 [%at], %tid;
            {beforeRead}
            xor.b32 %b, %tid, 1;
            mul.wide.u32 %word, %b, 4;
            mov.u64 %to, first;
            add.u64 %to, %to, %word;
            ld.shared.b32 %result, [%to];
            {beforeWrite}
            st.shared.b32 [%at], %result;
            """;
        SmallKernel kernel = new(body, Registers);
        if (fault is null)
        {
            Assert.That(kernel.Results(), Is.EqualTo(Enumerable.Range(0, 32).Select(i => (uint)(i ^ 1))));
            return;
        }
        Assert.That(() => kernel.Results(), Throws.TypeOf<PtxException>().With.Message.Contains(fault));
    }

    [TestCase("mov.u32 %a, %ctaid.x; st.global.b32 [%p0], %a;", "a race: writes", "of group")]
    [TestCase("mov.u32 %a, %ctaid.x; setp.eq.u32 p, %a, 1; @p st.global.b32 [%p0], %a; @!p ld.global.b32 %a, [%p0];", "a race", "of global memory")]
    public void Groups_must_not_share_a_word_that_one_writes(string body, string fault, string more) =>
        Assert.That(() => new SmallKernel(body, Registers) { Groups = 2, Threads = 1 }.Run(new uint[4]),
            Throws.TypeOf<PtxException>().With.Message.Contains(fault).And.Message.Contains(more));

    [Test]
    public void Groups_may_read_the_same_word() =>
        Assert.That(new SmallKernel("ld.global.b32 %result, [%p0+4];", Registers) { Groups = 4 }.Results(new uint[] { 1, 2 }), Is.All.EqualTo(2u));

    [Test]
    public void Threads_of_a_group_share_global_memory_across_a_barrier_only()
    {
        static SmallKernel Exchange(string between) => new($"""
            add.u64 %at, %p0, %word;
            st.global.b32 [%at], %tid;
            {between}
            xor.b32 %a, %tid, 1;
            mul.wide.u32 %word, %a, 4;
            add.u64 %at, %p0, %word;
            ld.global.b32 %result, [%at];
            """, Registers);
        Assert.That(Exchange("bar.sync 0;").Results(new uint[32]), Is.EqualTo(Enumerable.Range(0, 32).Select(i => (uint)(i ^ 1))));
        Assert.That(() => Exchange("").Results(new uint[32]), Throws.TypeOf<PtxException>().With.Message.Contains("a race: reads"));
    }

    [Test]
    public void A_group_finds_nothing_of_the_one_before()
    {
        SmallKernel kernel = new("""
            mov.u32 %a, %ctaid.x;
            setp.eq.u32 p, %a, 0;
            @p st.shared.b32 [first], %a;
            ld.shared.b32 %result, [first];
            """, Registers) { Groups = 2, Threads = 1 };
        Assert.That(
            () => kernel.Results(), Throws.TypeOf<PtxException>().With.Message.Contains("group 1").And.Message.Contains("which nobody has written"));
    }
}
