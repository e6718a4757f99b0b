namespace Jarn.Tests.Ptx;

/// <summary>Integer, floating-point, logic and shift instructions.</summary>
internal sealed partial class Decoder
{
    /// <summary>By opcode; those of two operands and a result of one type.</summary>
    private static readonly Dictionary<string, Type> IntegerBinary = new()
    {
        ["add"] = typeof(Add<>),
        ["sub"] = typeof(Subtract<>),
        ["mul.lo"] = typeof(Multiply<>),
        ["div"] = typeof(Divide<>),
        ["rem"] = typeof(Remainder<>),
        ["min"] = typeof(Minimum<>),
        ["max"] = typeof(Maximum<>),
        ["and"] = typeof(And<>),
        ["or"] = typeof(Or<>),
        ["xor"] = typeof(ExclusiveOr<>),
    };

    private static readonly Dictionary<string, Type> IntegerUnary = new()
    {
        ["neg"] = typeof(Negate<>),
        ["abs"] = typeof(Absolute<>),
        ["not"] = typeof(Not<>),
        ["brev"] = typeof(ReverseBits<>),
    };

    private static readonly Dictionary<string, Type> FloatBinary = new()
    {
        ["add"] = typeof(Add<>),
        ["sub"] = typeof(Subtract<>),
        ["mul"] = typeof(Multiply<>),
        ["div.rn"] = typeof(DivideFloat<>),
        ["min"] = typeof(MinimumFloat<>),
        ["max"] = typeof(MaximumFloat<>),
        ["min.NaN"] = typeof(MinimumOrNaN<>),
        ["max.NaN"] = typeof(MaximumOrNaN<>),
        ["copysign"] = typeof(CopySignTo<>),
        ["div.approx"] = typeof(ApproximateDivide),
        ["div.full"] = typeof(ApproximateFullDivide),
    };

    private static readonly Dictionary<string, Type> FloatUnary = new()
    {
        ["neg"] = typeof(Negate<>),
        ["abs"] = typeof(AbsoluteFloat<>),
        ["rcp.rn"] = typeof(ReciprocalFloat<>),
        ["sqrt.rn"] = typeof(SquareRootFloat<>),
        ["rcp.approx"] = typeof(ApproximateReciprocal),
        ["sqrt.approx"] = typeof(ApproximateSquareRoot),
        ["rsqrt.approx"] = typeof(ApproximateReciprocalSquareRoot),
        ["ex2.approx"] = typeof(ApproximateExponential2),
        ["lg2.approx"] = typeof(ApproximateLogarithm2),
        ["tanh.approx"] = typeof(ApproximateTangent),
        ["sin.approx"] = typeof(ApproximateSine),
        ["cos.approx"] = typeof(ApproximateCosine),
    };

    private Instruction? DecodeArithmetic(Opcode opcode)
    {
        if (opcode.Name is not ("add" or "sub" or "mul" or "mad" or "fma" or "div" or "rem" or "min" or "max" or "neg" or "abs" or "copysign"
            or "and" or "or" or "xor" or "not" or "shl" or "shr" or "shf" or "popc" or "clz" or "brev" or "bfe" or "bfi" or "prmt" or "lop3"
            or "rcp" or "sqrt" or "rsqrt" or "ex2" or "lg2" or "sin" or "cos" or "tanh"))
        {
            return null;
        }
        string type = opcode.TakeType();
        return type switch
        {
            "pred" => CombinePredicates(opcode),
            "f32" or "f64" => DecodeFloat(opcode, PtxType.Clr(type)),
            "f16" => null,
            _ => DecodeInteger(opcode, PtxType.Clr(type), PtxType.Bytes(type)),
        };
    }

    private CombinePredicates? CombinePredicates(Opcode opcode)
    {
        Register d = Predicate(Operand(0));
        PredicateSource a = PredicateSource(1);
        return opcode.Name switch
        {
            "not" => new CombinePredicates(d, a with { IsNegated = !a.IsNegated }, a, (x, _) => x),
            "and" => new CombinePredicates(d, a, PredicateSource(2), (x, y) => x & y),
            "or" => new CombinePredicates(d, a, PredicateSource(2), (x, y) => x | y),
            "xor" => new CombinePredicates(d, a, PredicateSource(2), (x, y) => x ^ y),
            _ => null,
        };
    }

    private Instruction? DecodeInteger(Opcode opcode, Type type, int bytes)
    {
        switch (opcode.Name)
        {
            case "mul" or "mad":
                return DecodeProduct(opcode, type, bytes);
            case "shl" or "shr":
                Type shift = (opcode.Name == "shl" ? typeof(ShiftLeft<>) : typeof(ShiftRight<>)).MakeGenericType(type);
                return Create(
                    typeof(Binary<,,,>), [type, typeof(uint), type, shift], Destination(0, bytes), Source(1, bytes), Source(2, sizeof(uint)));
            case "shf":
                Type funnel = opcode.Take("l") ? typeof(FunnelShiftLeft) : opcode.Take("r") ? typeof(FunnelShiftRight) : throw opcode.Unknown();
                return opcode.Take("wrap") ? Ternary(funnel, typeof(uint), sizeof(uint)) : null;
            case "prmt":
                return Ternary(typeof(PermuteBytes), typeof(uint), sizeof(uint));
            case "bfe":
                return Create(typeof(Ternary<,,,,>), [type, typeof(uint), typeof(uint), type, typeof(ExtractBits<>).MakeGenericType(type)],
                    Destination(0, bytes), Source(1, bytes), Source(2, sizeof(uint)), Source(3, sizeof(uint)));
            case "bfi":
                return Create(typeof(InsertBits<>), [type], Destination(0, bytes), Source(1, bytes), Source(2, bytes), Source(3, sizeof(uint)),
                    Source(4, sizeof(uint)));
            case "lop3":
                return new LookUp(
                    Destination(0, bytes), Source(1, bytes), Source(2, bytes), Source(3, bytes), (uint)((LiteralOperand)Operand(4)).Value);
            case "popc" or "clz":
                Type count = (opcode.Name == "popc" ? typeof(PopulationCount<>) : typeof(LeadingZeros<>)).MakeGenericType(type);
                return Create(typeof(Unary<,,>), [type, typeof(uint), count], Destination(0, sizeof(uint)), Source(1, bytes));
        }
        return IntegerUnary.TryGetValue(opcode.Name, out Type? unary)
            ? Create(typeof(Unary<,,>), [type, type, unary.MakeGenericType(type)], Destination(0, bytes), Source(1, bytes))
            : IntegerBinary.TryGetValue(opcode.Name, out Type? binary) ? Binary(binary.MakeGenericType(type), type, bytes) : null;
    }

    /// <summary>.lo and .hi give half of the product, .wide all of it, in twice the bits.</summary>
    private Instruction? DecodeProduct(Opcode opcode, Type type, int bytes)
    {
        bool adds = opcode.Name == "mad";
        bool isSigned = type == typeof(short) || type == typeof(int) || type == typeof(long);
        (Type wide, int wideBytes) = bytes switch
        {
            2 => (isSigned ? typeof(int) : typeof(uint), 4),
            4 => (isSigned ? typeof(long) : typeof(ulong), 8),
            _ => (isSigned ? typeof(Int128) : typeof(UInt128), 16),
        };
        if (opcode.Take("wide"))
        {
            return adds
                ? Create(typeof(Ternary<,,,,>), [type, type, wide, wide, typeof(MultiplyWideAdd<,>).MakeGenericType(type, wide)],
                    Destination(0, wideBytes), Source(1, bytes), Source(2, bytes), Source(3, wideBytes))
                : Create(typeof(Binary<,,,>), [type, type, wide, typeof(MultiplyWide<,>).MakeGenericType(type, wide)],
                    Destination(0, wideBytes), Source(1, bytes), Source(2, bytes));
        }
        if (opcode.Take("hi"))
        {
            return adds
                ? Ternary(typeof(MultiplyHighAdd<,>).MakeGenericType(type, wide), type, bytes)
                : Binary(typeof(MultiplyHigh<,>).MakeGenericType(type, wide), type, bytes);
        }
        return !opcode.Take("lo") ? null
            : adds ? Ternary(typeof(MultiplyAdd<>).MakeGenericType(type), type, bytes)
            : Binary(typeof(Multiply<>).MakeGenericType(type), type, bytes);
    }

    /// <summary>
    /// To the nearest only. A product and a sum stay two instructions here; ptxas makes one fused of them, which rounds less.
    /// </summary>
    private Instruction? DecodeFloat(Opcode opcode, Type type)
    {
        int bytes = type == typeof(float) ? sizeof(float) : sizeof(double);
        bool flushes = opcode.Take("ftz");
        string name = opcode.Name;
        if (opcode.TakeOneOf("approx", "full", "NaN") is string kind)
        {
            name += $".{kind}";
        }
        else if (opcode.Take("rn") && name is "div" or "rcp" or "sqrt")
        {
            name += ".rn";
        }
        if (flushes && type != typeof(float))
        {
            return null;
        }
        if (name is "fma" or "mad")
        {
            return Ternary(Flushing(typeof(FusedMultiplyAdd<>), typeof(FlushTernary<>)), type, bytes);
        }
        if (FloatUnary.TryGetValue(name, out Type? unary) && Fits(unary))
        {
            return Create(typeof(Unary<,,>), [type, type, Flushing(unary, typeof(FlushUnary<>))], Destination(0, bytes), Source(1, bytes));
        }
        return FloatBinary.TryGetValue(name, out Type? binary) && Fits(binary) ? Binary(Flushing(binary, typeof(FlushBinary<>)), type, bytes) : null;

        bool Fits(Type operation) => operation.IsGenericType || type == typeof(float);

        Type Flushing(Type operation, Type flush)
        {
            Type closed = operation.IsGenericTypeDefinition ? operation.MakeGenericType(type) : operation;
            return flushes ? flush.MakeGenericType(closed) : closed;
        }
    }

    private Instruction Binary(Type operation, Type type, int bytes) =>
        Create(typeof(Binary<,,,>), [type, type, type, operation], Destination(0, bytes), Source(1, bytes), Source(2, bytes));

    private Instruction Ternary(Type operation, Type type, int bytes) =>
        Create(
            typeof(Ternary<,,,,>), [type, type, type, type, operation], Destination(0, bytes), Source(1, bytes), Source(2, bytes), Source(3, bytes));
}
