namespace Jarn.Tests.Ptx;

/// <summary>Lanes that part and meet again, shuffles, and barriers.</summary>
public sealed class ControlFlowTests
{
    private const string Registers = ".reg .b32 %a, %b, %c, %n; .reg .pred p, q;";

    [Test]
    public void Every_lane_loops_as_often_as_it_must()
    {
        // The length of a Collatz sequence: two ways in the loop, and both lead back to its head.
        uint[] results = new SmallKernel("""
            add.u32 %a, %tid, 1;
            mov.u32 %result, 0;
            head:
            setp.eq.u32 p, %a, 1;
            @p bra done;
            add.u32 %result, %result, 1;
            and.b32 %b, %a, 1;
            setp.eq.u32 q, %b, 1;
            @q bra odd;
            shr.u32 %a, %a, 1;
            bra head;
            odd:
            mad.lo.u32 %a, %a, 3, 1;
            bra head;
            done:
            """, Registers) { Threads = 70 }.Results();
        Assert.That(results, Is.EqualTo(Enumerable.Range(1, 70).Select(start => Collatz((uint)start))));
    }

    [Test]
    public void Lanes_meet_behind_every_turn_of_a_loop()
    {
        // A shuffle of all lanes stands where the ways of the loop meet, and its head is reached from two places.
        uint[] results = new SmallKernel("""
            mov.u32 %result, 0;
            mov.u32 %n, 0;
            head:
            setp.ge.u32 p, %n, 4;
            @p bra done;
            add.u32 %n, %n, 1;
            shfl.sync.bfly.b32 %a, %tid, 1, 31, 0xFFFFFFFF;
            and.b32 %b, %tid, %n;
            setp.ne.u32 q, %b, 0;
            @q bra head;
            add.u32 %result, %result, %a;
            bra.uni head;
            done:
            """, Registers).Results();
        Assert.That(
            results, Is.EqualTo(Enumerable.Range(0, 32).Select(tid => (uint)((tid ^ 1) * Enumerable.Range(1, 4).Count(n => (tid & n) == 0)))));
    }

    [TestCase("up", "0", 3, new uint[] { 0, 1, 2, 0, 1, 28 })]
    [TestCase("down", "31", 3, new uint[] { 3, 4, 5, 6, 7, 31 })]
    [TestCase("bfly", "31", 3, new uint[] { 3, 2, 1, 0, 7, 28 })]
    [TestCase("idx", "31", 3, new uint[] { 3, 3, 3, 3, 3, 3 })]
    [TestCase("down", "0x1C03", 2, new uint[] { 2, 3, 2, 3, 6, 31 })]
    [TestCase("idx", "0x1C03", 2, new uint[] { 2, 2, 2, 2, 6, 30 })]
    [TestCase("up", "0x1C00", 1, new uint[] { 0, 0, 1, 2, 4, 30 })]
    public void Shuffles(string mode, string reach, int by, uint[] ofLanes0To4And31)
    {
        uint[] results = new SmallKernel($"shfl.sync.{mode}.b32 %result|p, %tid, {by}, {reach}, 0xFFFFFFFF;", Registers).Results();
        Assert.That(results[..5].Append(results[31]), Is.EqualTo(ofLanes0To4And31));
    }

    [Test]
    public void Votes()
    {
        uint[] results = new SmallKernel("""
            setp.lt.u32 p, %tid, 5;
            vote.sync.ballot.b32 %result, p, 0xFFFFFFFF;
            vote.sync.all.pred q, p, 0xFFFFFFFF;
            @q add.u32 %result, %result, 100;
            vote.sync.any.pred q, p, 0xFFFFFFFF;
            @q add.u32 %result, %result, 1000;
            @!p bra done;
            activemask.b32 %result;
            done:
            """, Registers).Results();
        Assert.That(results[0], Is.EqualTo(0x1F));
        Assert.That(results[31], Is.EqualTo(0x1F + 1000));
    }

    [TestCase("setp.lt.u32 p, %tid, 5; @p bra skip; shfl.sync.idx.b32 %result, %tid, 0, 31, 0xFFFFFFFF; skip:",
        "thread 5: the lanes 0xffffffff are to execute it together")]
    [TestCase("setp.lt.u32 p, %tid, 5; @p bra.uni skip; skip:", "promises to be uniform isn't taken by thread 5")]
    [TestCase("setp.lt.u32 p, %tid, 5; @p bra skip; bar.sync 0; skip: bar.sync 0;", "a divergent barrier")]
    [TestCase("setp.lt.u32 p, %tid, 5; @p bar.sync 0;", "a divergent barrier: its guard keeps the thread from it")]
    [TestCase("setp.lt.u32 p, %tid, 32; @p bra skip; bar.sync 0; skip:",
        "'bar.sync 0' in group 0, thread 32: a barrier that thread 0 never comes to")]
    [TestCase("setp.eq.u32 p, %tid, 63; @p ret; bar.sync 0;", "a barrier that thread 63 never comes to")]
    [TestCase("setp.lt.u32 p, %tid, 32; @p bra one; bar.sync 0; bra done; one: bar.sync 0; done:",
        "a divergent barrier: thread 32 waits at another one")]
    public void Ways_that_must_not_part(string body, string fault) =>
        Assert.That(() => new SmallKernel($"{body}\n mov.u32 %result, 0;", Registers) { Threads = 64 }.Results(),
            Throws.TypeOf<PtxException>().With.Message.Contains("Small: '").And.Message.Contains(fault));

    [Test]
    public void A_barrier_may_stand_behind_ways_that_meet()
    {
        // The block of the odd ones stands behind the barrier in the text, as ILGPU often has it.
        uint[] results = new SmallKernel("""
            .shared .align 4 .b8 exchange[256];
            and.b32 %a, %tid, 1;
            setp.eq.u32 p, %a, 1;
            @p bra odd;
            mov.u32 %b, %tid;
            meet:
            mov.u64 %long, exchange;
            add.u64 %word, %long, %word;
            st.shared.b32 [%word], %b;
            bar.sync 0;
            xor.b32 %c, %tid, 63;
            mul.wide.u32 %word, %c, 4;
            add.u64 %word, %long, %word;
            ld.shared.b32 %result, [%word];
            bra done;
            odd:
            add.u32 %b, %tid, 100;
            bra meet;
            done:
            """, Registers) { Threads = 64 }.Results();
        Assert.That(results, Is.EqualTo(Enumerable.Range(0, 64).Select(tid => (uint)((tid ^ 63) + ((tid & 1) == 0 ? 100 : 0)))));
    }

    [Test]
    public void Groups_know_their_place()
    {
        uint[] results = new SmallKernel("""
            mov.u32 %a, %ctaid.x;
            mov.u32 %b, %nctaid.x;
            mad.lo.u32 %result, %a, 1000, %b;
            mad.lo.u32 %result, %tid, 100000, %result;
            """, Registers)
        {
            Groups = 3,
            Threads = 5,
        }.Results();
        Assert.That(results, Is.EqualTo(Enumerable.Range(0, 15).Select(i => (uint)((i / 5 * 1000) + 3 + (i % 5 * 100000)))));
    }

    private static uint Collatz(uint number)
    {
        uint steps = 0;
        for (; number != 1; steps++)
        {
            number = number % 2 == 0 ? number / 2 : (3 * number) + 1;
        }
        return steps;
    }
}
