namespace Jarn.Tests.Ptx;

/// <summary>Instructions on their own, beside the PTX ISA's words put into C#.</summary>
public sealed class InstructionTests
{
    private static readonly int[] Integers =
    [
        0, 1, -1, 2, 7, -7, 31, 32, 33, 255, 65536, 0x12345678, -0x12345678, int.MaxValue, int.MinValue, int.MinValue + 1,
    ];

    private static readonly long[] Longs = [0, 1, -1, 7, -7, 64, 1L << 32, 0x123456789ABCDEF, -0x123456789ABCDEF, long.MaxValue, long.MinValue];

    private static readonly float[] Floats =
    [
        0, -0f, 1, -1, 0.1f, 3, 1e-40f, -1e-40f, float.Epsilon, 1.17549435e-38f, 16777217, 3.4e38f, float.MaxValue, float.PositiveInfinity,
        float.NegativeInfinity, float.NaN,
    ];

    private static TestCaseData[] IntegerInstructions =>
    [
        Case("add.s32", (a, b) => a + b),
        Case("sub.s32", (a, b) => a - b),
        Case("mul.lo.s32", (a, b) => a * b),
        Case("mul.hi.s32", (a, b) => (int)(((long)a * b) >> 32)),
        Case("mul.hi.u32", (a, b) => (int)((ulong)(uint)a * (uint)b >> 32)),
        Case("div.s32", (a, b) => b == 0 ? -1 : (int)((long)a / b)),
        Case("div.u32", (a, b) => b == 0 ? -1 : (int)((uint)a / (uint)b)),
        Case("rem.s32", (a, b) => b == 0 ? -1 : (int)((long)a % b)),
        Case("rem.u32", (a, b) => b == 0 ? -1 : (int)((uint)a % (uint)b)),
        Case("min.s32", Math.Min),
        Case("max.s32", Math.Max),
        Case("min.u32", (a, b) => (int)Math.Min((uint)a, (uint)b)),
        Case("max.u32", (a, b) => (int)Math.Max((uint)a, (uint)b)),
        Case("and.b32", (a, b) => a & b),
        Case("or.b32", (a, b) => a | b),
        Case("xor.b32", (a, b) => a ^ b),
        Case("shl.b32", (a, b) => (uint)b > 31 ? 0 : a << b),
        Case("shr.u32", (a, b) => (uint)b > 31 ? 0 : (int)((uint)a >> b)),
        Case("shr.s32", (a, b) => a >> (int)Math.Min((uint)b, 31)),
    ];

    private static TestCaseData[] FloatInstructions =>
    [
        FloatCase("add.f32", (a, b) => a + b),
        FloatCase("sub.rn.f32", (a, b) => a - b),
        FloatCase("mul.f32", (a, b) => a * b),
        FloatCase("div.rn.f32", (a, b) => a / b),
        FloatCase("min.f32", (a, b) => float.IsNaN(a) ? b : float.IsNaN(b) ? a : MathF.Min(a, b)),
        FloatCase("max.f32", (a, b) => float.IsNaN(a) ? b : float.IsNaN(b) ? a : MathF.Max(a, b)),
        FloatCase("min.NaN.f32", MathF.Min),
        FloatCase("max.NaN.f32", MathF.Max),
        FloatCase("copysign.f32", (a, b) => MathF.CopySign(b, a)),
        FloatCase("add.ftz.f32", (a, b) => Flushed(Flushed(a) + Flushed(b))),
        FloatCase("mul.ftz.f32", (a, b) => Flushed(Flushed(a) * Flushed(b))),
    ];

    private static float Flushed(float value) => Math.Abs(value) < 1.17549435e-38f ? MathF.CopySign(0, value) : value;

    [TestCaseSource(nameof(IntegerInstructions))]
    public void Two_integers(string opcode, Func<int, int, int> expected)
    {
        (int A, int B)[] pairs = [.. Pairs(Integers)];
        ulong[] results = SmallKernel.Evaluate(
            $"{opcode} d, a, b;", "b32", ("b32", Bits(pairs.Select(pair => pair.A))), ("b32", Bits(pairs.Select(pair => pair.B))));
        Assert.That(results.Select(result => (int)result), Is.EqualTo(pairs.Select(pair => expected(pair.A, pair.B))));
    }

    [TestCaseSource(nameof(FloatInstructions))]
    public void Two_floats(string opcode, Func<float, float, float> expected)
    {
        (float A, float B)[] pairs = [.. Pairs(Floats)];
        ulong[] results = SmallKernel.Evaluate(
            $"{opcode} d, a, b;", "f32", ("f32", Bits(pairs.Select(pair => pair.A))), ("f32", Bits(pairs.Select(pair => pair.B))));
        for (int i = 0; i < pairs.Length; i++)
        {
            Assert.That(Canonical(Float(results[i])), Is.EqualTo(Canonical(expected(pairs[i].A, pairs[i].B))), $"{opcode} of {pairs[i]}");
        }
    }

    [Test]
    public void Products_of_64_bits_and_wide_ones()
    {
        (long A, long B)[] pairs = [.. Pairs(Longs)];
        ulong[] a = [.. pairs.Select(pair => (ulong)pair.A)], b = [.. pairs.Select(pair => (ulong)pair.B)];
        Assert.That(
            SmallKernel.Evaluate("mul.lo.s64 d, a, b;", "b64", ("b64", a), ("b64", b)), Is.EqualTo(pairs.Select(pair => (ulong)(pair.A * pair.B))));
        Assert.That(
            SmallKernel.Evaluate("mul.hi.u64 d, a, b;", "b64", ("b64", a), ("b64", b)), Is.EqualTo(a.Zip(b, (x, y) => Math.BigMul(x, y, out _))));
        Assert.That(SmallKernel.Evaluate("mul.hi.s64 d, a, b;", "b64", ("b64", a), ("b64", b)),
            Is.EqualTo(pairs.Select(pair => (ulong)Math.BigMul(pair.A, pair.B, out _))));
        ulong[] low = [.. a.Select(value => value & uint.MaxValue)], other = [.. b.Select(value => value & uint.MaxValue)];
        Assert.That(SmallKernel.Evaluate("mul.wide.u32 d, a, b;", "b64", ("b32", low), ("b32", other)), Is.EqualTo(low.Zip(other, (x, y) => x * y)));
        Assert.That(SmallKernel.Evaluate("mul.wide.s32 d, a, b;", "b64", ("b32", low), ("b32", other)),
            Is.EqualTo(low.Zip(other, (x, y) => (ulong)((long)(int)x * (int)y))));
        Assert.That(SmallKernel.Evaluate("mad.lo.u64 d, a, 4, b;", "b64", ("b64", a), ("b64", b)), Is.EqualTo(a.Zip(b, (x, y) => (x * 4) + y)));
        Assert.That(SmallKernel.Evaluate("mad.hi.s32 d, a, b, a;", "b32", ("b32", low), ("b32", other)),
            Is.EqualTo(low.Zip(other, (x, y) => (ulong)(uint)((((long)(int)x * (int)y) >> 32) + (int)x))));
        Assert.That(SmallKernel.Evaluate("mad.wide.u32 d, a, b, c;", "b64", ("b32", low), ("b32", other), ("b64", a)),
            Is.EqualTo(low.Zip(other, (x, y) => x * y).Zip(a, (product, c) => product + c)));
    }

    [TestCase("popc.b32 d, a;", 0xF0F0_0001u, 9u)]
    [TestCase("clz.b32 d, a;", 0x0000_1000u, 19u)]
    [TestCase("clz.b32 d, a;", 0u, 32u)]
    [TestCase("brev.b32 d, a;", 0x8000_0003u, 0xC000_0001u)]
    [TestCase("not.b32 d, a;", 0x0F0F_0F0Fu, 0xF0F0_F0F0u)]
    [TestCase("neg.s32 d, a;", 0x8000_0000u, 0x8000_0000u)]
    [TestCase("abs.s32 d, a;", 0xFFFF_FFFBu, 5u)]
    [TestCase("bfe.u32 d, a, 4, 8;", 0x1234_5678u, 0x67u)]
    [TestCase("bfe.s32 d, a, 4, 4;", 0x0000_00F0u, 0xFFFF_FFFFu)]
    [TestCase("bfe.s32 d, a, 28, 16;", 0x9000_0000u, 0xFFFF_FFF9u)]
    [TestCase("bfi.b32 d, a, 0xFFFFFFFF, 8, 4;", 0x5u, 0xFFFF_F5FFu)]
    [TestCase("prmt.b32 d, a, 0xAABBCCDD, 0x7610;", 0x1122_3384u, 0xAABB_3384u)]
    [TestCase("prmt.b32 d, a, 0, 0x9998;", 0x1122_3384u, 0x0000_00FFu)]
    [TestCase("lop3.b32 d, a, 0x0F0F0F0F, 0x00FF00FF, 0xE8;", 0xF0F0_FFFFu, 0x00FF_0FFFu)]
    [TestCase("shf.l.wrap.b32 d, a, 0x1, 36;", 0xA000_0000u, 0x1Au)]
    [TestCase("shf.r.wrap.b32 d, a, 0x1, 4;", 0xA000_0000u, 0x1A00_0000u)]
    public void Bits_of_a_word(string instruction, uint a, uint expected) =>
        Assert.That(SmallKernel.Evaluate(instruction, "b32", ("b32", [a]))[0], Is.EqualTo(expected));

    [TestCase("eq", false, true)]
    [TestCase("ne", false, false)]
    [TestCase("lt", false, false)]
    [TestCase("le", false, true)]
    [TestCase("gt", false, false)]
    [TestCase("ge", false, true)]
    [TestCase("equ", true, true)]
    [TestCase("neu", true, false)]
    [TestCase("ltu", true, false)]
    [TestCase("leu", true, true)]
    [TestCase("gtu", true, false)]
    [TestCase("geu", true, true)]
    [TestCase("num", false, true)]
    [TestCase("nan", true, false)]
    public void Comparisons_with_NaN_and_of_equals(string comparison, bool withNaN, bool ofEquals)
    {
        ulong[] results = SmallKernel.Evaluate($"setp.{comparison}.f32 p|q, a, b; selp.b32 d, 1, 0, p; @q or.b32 d, d, 2;", "b32",
            ("f32", Bits([float.NaN, 1f, float.NaN, 0f])), ("f32", Bits([1f, float.NaN, float.NaN, -0f])));
        Assert.That(
            results, Is.EqualTo(new[] { withNaN, withNaN, withNaN, ofEquals }.Select(holds => holds ? 1ul : 2ul)), "p is 1, its opposite q 2");
    }

    [Test]
    public void Comparisons_take_the_sign_from_the_type()
    {
        ulong[] results = SmallKernel.Evaluate(
            "setp.lt.s32 p, a, 1; selp.b32 d, 1, 0, p; setp.lo.u32 p, a, 1; @!p or.b32 d, d, 2; setp.gt.and.s32 q, a, -5, p; @q or.b32 d, d, 4;",
            "b32", ("b32", Bits([-1, 0, 1])));
        Assert.That(results, Is.EqualTo(new ulong[] { 3, 5, 2 }));
    }

    [TestCase("cvt.rni.s32.f32", 2.5f, 2)]
    [TestCase("cvt.rni.s32.f32", 3.5f, 4)]
    [TestCase("cvt.rzi.s32.f32", -2.9f, -2)]
    [TestCase("cvt.rmi.s32.f32", -2.1f, -3)]
    [TestCase("cvt.rpi.s32.f32", 2.1f, 3)]
    [TestCase("cvt.rzi.s32.f32", 3e9f, int.MaxValue)]
    [TestCase("cvt.rzi.s32.f32", -3e9f, int.MinValue)]
    [TestCase("cvt.rzi.u32.f32", -1f, 0)]
    [TestCase("cvt.rzi.u32.f32", 4e9f, unchecked((int)4000000000))]
    [TestCase("cvt.rzi.s32.f32", float.NaN, 0)]
    [TestCase("cvt.rna.tf32.f32", 1.00048828125f, 0x3F802000)]
    [TestCase("cvt.rna.tf32.f32", 1.0004882f, 0x3F800000)]
    [TestCase("cvt.rna.tf32.f32", -1.00048828125f, unchecked((int)0xBF802000))]
    public void Floats_become_integers(string opcode, float a, int expected) =>
        Assert.That((int)SmallKernel.Evaluate($"{opcode} d, a;", "b32", ("f32", Bits([a])))[0], Is.EqualTo(expected));

    [TestCase("cvt.rn.f32.s32", 16777217, 16777216f)]
    [TestCase("cvt.rn.f32.s32", -16777219, -16777220f)]
    [TestCase("cvt.rn.f32.u32", -1, 4294967296f)]
    public void Integers_become_floats(string opcode, int a, float expected) =>
        Assert.That(Float(SmallKernel.Evaluate($"{opcode} d, a;", "f32", ("b32", Bits([a])))[0]), Is.EqualTo(expected));

    [TestCase("cvt.rn.f32.f64", 1.0000001, 1.0000001f)]
    [TestCase("cvt.rz.f32.f64", 1.0000001, 1f)]
    [TestCase("cvt.rm.f32.f64", -1.0000001, -1.0000001f)]
    [TestCase("cvt.rp.f32.f64", -1.0000001, -1f)]
    [TestCase("cvt.sat.f32.f64", 1.5, 1f)]
    [TestCase("cvt.sat.f32.f64", double.NaN, 0f)]
    public void Doubles_become_floats(string opcode, double a, float expected) =>
        Assert.That(Float(SmallKernel.Evaluate($"{opcode} d, a;", "f32", ("f64", [BitConverter.DoubleToUInt64Bits(a)]))[0]), Is.EqualTo(expected));

    [TestCase("cvt.s64.s32 d, a;", 0xFFFF_FFFFu, ulong.MaxValue)]
    [TestCase("cvt.u64.u32 d, a;", 0xFFFF_FFFFu, 0xFFFF_FFFFul)]
    [TestCase("cvt.s64.s8 d, a;", 0x1FEu, ulong.MaxValue - 1)]
    [TestCase("cvt.sat.u8.s32 e, a; cvt.u64.u32 d, e;", 300u, 255ul)]
    [TestCase("cvt.sat.s8.s32 e, a; cvt.u64.u32 d, e;", 0xFFFF_FF00u, 0xFFFF_FF80ul)]
    public void Integers_become_others(string instructions, uint a, ulong expected)
    {
        ulong[] results = new ulong[1];
        new SmallKernel($"ld.global.b32 a, [%p0]; {instructions} st.global.b64 [%p1], d;", ".reg .b32 a, e; .reg .b64 d;") { Threads = 1 }.Run(
            new[] { a }, results);
        Assert.That(results[0], Is.EqualTo(expected));
    }

    [Test]
    public void A_fused_product_is_rounded_once()
    {
        float a = 1 + MathF.ScaleB(1, -12), c = -(1 + MathF.ScaleB(1, -11));
        ulong[] Of(string instructions) => SmallKernel.Evaluate(instructions, "f32", ("f32", Bits([a])), ("f32", Bits([a])), ("f32", Bits([c])));
        Assert.That(Float(Of("fma.rn.f32 d, a, b, c;")[0]), Is.EqualTo(MathF.ScaleB(1, -24)));
        Assert.That(Float(Of("mul.f32 d, a, b; add.f32 d, d, c;")[0]), Is.Zero);
    }

    [TestCase("ex2.approx.f32", -22.5)]
    [TestCase("lg2.approx.f32", -22)]
    [TestCase("rcp.approx.ftz.f32", -23)]
    [TestCase("rsqrt.approx.f32", -22.9)]
    [TestCase("sqrt.approx.f32", -23)]
    [TestCase("tanh.approx.f32", -11)]
    [TestCase("sin.approx.f32", -20.5)]
    [TestCase("cos.approx.f32", -20.5)]
    public void Approximations_err_as_much_as_they_may(string opcode, double exponent)
    {
        float[] arguments = [.. Enumerable.Range(1, 256).Select(i => i * 0.0117f)];
        ulong[] results = SmallKernel.Evaluate($"{opcode} d, a;", "f32", ("f32", Bits(arguments)));
        double worst = arguments.Zip(results, (a, d) => Error(a, Float(d))).Max();
        double rounding = Math.Pow(2, -24);
        Assert.That(worst, Is.InRange(Math.Pow(2, exponent) * 0.8, Math.Pow(2, exponent) + rounding));

        double Error(float a, float d)
        {
            double exact = opcode.Split('.')[0] switch
            {
                "ex2" => Math.Pow(2, a),
                "lg2" => Math.Log2(a),
                "rcp" => 1.0 / a,
                "rsqrt" => 1 / Math.Sqrt(a),
                "sqrt" => Math.Sqrt(a),
                "tanh" => Math.Tanh(a),
                "sin" => Math.Sin(a),
                _ => Math.Cos(a),
            };
            bool isAbsolute = opcode.StartsWith("sin") || opcode.StartsWith("cos") || (opcode.StartsWith("lg2") && a is > 0.5f and < 2);
            return Math.Abs(d - exact) / (isAbsolute ? 1 : Math.Abs(exact));
        }
    }

    [TestCase("ex2.approx.f32", 0f, 1f)]
    [TestCase("ex2.approx.f32", float.NegativeInfinity, 0f)]
    [TestCase("lg2.approx.f32", 0f, float.NegativeInfinity)]
    [TestCase("lg2.approx.f32", -1f, float.NaN)]
    [TestCase("rcp.approx.f32", 0f, float.PositiveInfinity)]
    [TestCase("sqrt.approx.f32", 0f, 0f)]
    [TestCase("rsqrt.approx.f32", 0f, float.PositiveInfinity)]
    public void Approximations_are_exact_where_the_manual_says_so(string opcode, float a, float expected) =>
        Assert.That(Float(SmallKernel.Evaluate($"{opcode} d, a;", "f32", ("f32", Bits([a])))[0]), Is.EqualTo(expected));

    [Test]
    public void Registers_are_packed_and_unpacked()
    {
        ulong[] results = SmallKernel.Evaluate("{ .reg .b32 low, high; mov.b64 {low, high}, a; add.s32 low, low, 1; mov.b64 d, {high, low}; }", "b64",
            ("b64", [0x1234_5678_FFFF_FFFFul]));
        Assert.That(results[0], Is.EqualTo(0x0000_0000_1234_5678ul));
    }

    [TestCase("atom.global.add.f32 d, [%at], a;")]
    [TestCase("add.rz.f32 d, a, a;")]
    [TestCase("add.bogus.f32 d, a, a;")]
    [TestCase("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {d,d,d,d}, {a,a,a,a}, {a,a}, {d,d,d,d};")]
    [TestCase("bar.sync 1;")]
    public void An_unknown_instruction_is_named(string instruction) =>
        Assert.That(() => SmallKernel.Evaluate(instruction, "f32", ("f32", Bits([1f]))),
            Throws.TypeOf<PtxException>().With.Message.Contains("Small").And.Message.Contains(instruction.Split(' ')[0])
                .And.Message.Contains("unknown"));

    [TestCase("add.f32 d, a, elsewhere;", "elsewhere is not declared")]
    [TestCase("add.f32 d, a, %at;", "%at doesn't have the instruction's size")]
    [TestCase("bra nowhere;", "no label nowhere")]
    public void What_ptxas_would_refuse_is_refused(string instruction, string what) =>
        Assert.That(() => SmallKernel.Evaluate(instruction, "f32", ("f32", Bits([1f]))), Throws.TypeOf<PtxException>().With.Message.Contains(what));

    private static IEnumerable<(T A, T B)> Pairs<T>(T[] values) => values.SelectMany(a => values.Select(b => (a, b)));

    private static ulong[] Bits(IEnumerable<int> values) => [.. values.Select(value => (ulong)(uint)value)];

    private static ulong[] Bits(IEnumerable<float> values) => [.. values.Select(value => (ulong)BitConverter.SingleToUInt32Bits(value))];

    private static float Float(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    /// <summary>The bits, one pattern for every NaN.</summary>
    private static uint Canonical(float value) => BitConverter.SingleToUInt32Bits(float.IsNaN(value) ? float.NaN : value);

    private static TestCaseData Case(string opcode, Func<int, int, int> expected) => new TestCaseData(opcode, expected).SetArgDisplayNames(opcode);

    private static TestCaseData FloatCase(string opcode, Func<float, float, float> expected) =>
        new TestCaseData(opcode, expected).SetArgDisplayNames(opcode);
}
