namespace Jarn.Tests.Ptx;

/// <summary>Comparisons, selections and conversions.</summary>
internal sealed partial class Decoder
{
    private static readonly string[] Comparisons =
    [
        "eq", "ne", "lt", "le", "gt", "ge", "lo", "ls", "hi", "hs", "equ", "neu", "ltu", "leu", "gtu", "geu", "num", "nan",
    ];

    private Instruction? DecodeComparison(Opcode opcode)
    {
        switch (opcode.Name)
        {
            case "setp":
                return DecodeCompare(opcode);
            case "selp":
                int bytes = PtxType.Bytes(opcode.TakeType());
                return Create(
                    typeof(Select<>), [PtxType.Unsigned(bytes)], Destination(0, bytes), Source(1, bytes), Source(2, bytes), PredicateSource(3));
            case "testp":
                return opcode.TakeType() == "f64" ? DecodeTest<double>(opcode, sizeof(double)) : DecodeTest<float>(opcode, sizeof(float));
            default:
                return null;
        }
    }

    private Instruction DecodeCompare(Opcode opcode)
    {
        string name = opcode.TakeType();
        Type type = PtxType.Clr(name);
        int bytes = PtxType.Bytes(name);
        string comparison = opcode.TakeOneOf(Comparisons) ?? throw opcode.Unknown();
        string combine = opcode.TakeOneOf("and", "or", "xor") ?? "";
        (Type definition, bool isOpposite) = comparison switch
        {
            "eq" => (typeof(Equal<>), false),
            "ne" => (typeof(Unequal<>), false),
            "lt" or "lo" => (typeof(Less<>), false),
            "le" or "ls" => (typeof(LessOrEqual<>), false),
            "gt" or "hi" => (typeof(Greater<>), false),
            "ge" or "hs" => (typeof(GreaterOrEqual<>), false),
            "equ" => (typeof(Unequal<>), true),
            "neu" => (typeof(Equal<>), true),
            "ltu" => (typeof(GreaterOrEqual<>), true),
            "leu" => (typeof(Greater<>), true),
            "gtu" => (typeof(LessOrEqual<>), true),
            "geu" => (typeof(Less<>), true),
            "num" => (typeof(Unordered<>), true),
            _ => (typeof(Unordered<>), false),
        };
        Type closed = definition.MakeGenericType(type);
        (Register p, Register? q) = Operand(0) is PairOperand pair
            ? (Predicate(pair.First), Predicate(pair.Second))
            : (Predicate(Operand(0)), (Register?)null);
        return Create(typeof(Compare<,>), [type, isOpposite ? typeof(Opposite<,>).MakeGenericType(type, closed) : closed],
            p, q, Source(1, bytes), Source(2, bytes), combine.Length > 0 ? PredicateSource(3) : null, combine);
    }

    private TestProperty<T>? DecodeTest<T>(Opcode opcode, int bytes) where T : System.Numerics.IFloatingPointIeee754<T>
    {
        Func<T, bool>? property = opcode.TakeOneOf("finite", "infinite", "number", "notanumber", "normal", "subnormal") switch
        {
            "finite" => T.IsFinite,
            "infinite" => T.IsInfinity,
            "number" => value => !T.IsNaN(value),
            "notanumber" => T.IsNaN,
            "normal" => T.IsNormal,
            "subnormal" => T.IsSubnormal,
            _ => null,
        };
        return property is null ? null : new TestProperty<T>(Predicate(Operand(0)), Source(1, bytes), property);
    }

    private Instruction? DecodeConversion(Opcode opcode)
    {
        if (opcode.Name != "cvt")
        {
            return null;
        }
        string sourceName = opcode.TakeType();
        Type source = PtxType.Clr(sourceName);
        if (opcode.Take("tf32"))
        {
            return opcode.Take("rna") && source == typeof(float)
                ? Create(
                    typeof(Unary<,,>), [typeof(float), typeof(uint), typeof(RoundToTf32)], Destination(0, sizeof(uint)), Source(1, sizeof(float)))
                : null;
        }
        string resultName = opcode.TakeType();
        Type result = PtxType.Clr(resultName);
        string? rounding = opcode.TakeOneOf("rn", "rz", "rm", "rp", "rni", "rzi", "rmi", "rpi");
        bool saturates = opcode.Take("sat");
        if (Conversion(source, result, rounding, saturates) is not Type operation)
        {
            return null;
        }
        // Registers may be wider than the types: there are none of 8 bits.
        Register d = Declared(Name(Operand(0)));
        Register a = Operand(1) is NameOperand name && _registers.Find(name.Name) is Register register
            ? register
            : Source(1, PtxType.Bytes(sourceName));
        Type wideSource = a.Bytes == PtxType.Bytes(sourceName) ? source : PtxType.Unsigned(a.Bytes);
        Type wideResult = d.Bytes == PtxType.Bytes(resultName) ? result : PtxType.Unsigned(d.Bytes);
        if (d.Bytes < PtxType.Bytes(resultName) || a.Bytes < PtxType.Bytes(sourceName))
        {
            throw WrongSize(_statement.Text);
        }
        return Create(typeof(Unary<,,>),
            [wideSource, wideResult, typeof(ConvertResized<,,,,>).MakeGenericType(wideSource, source, result, wideResult, operation)], d, a);
    }

    /// <summary>Null for what isn't there, as rounding in other directions than to the nearest where an integer becomes a float.</summary>
    private static Type? Conversion(Type source, Type result, string? rounding, bool saturates)
    {
        Type plain = (saturates && !IsFloat(result) ? typeof(ConvertSaturating<,>) : typeof(ConvertTruncating<,>)).MakeGenericType(source, result);
        Type? integral = rounding switch
        {
            "rni" => typeof(RoundToEven<>),
            "rzi" => typeof(RoundToZero<>),
            "rmi" => typeof(RoundDown<>),
            "rpi" => typeof(RoundUp<>),
            _ => null,
        };
        Type? conversion = (IsFloat(source), IsFloat(result), rounding) switch
        {
            (true, false, _) =>
                integral is null ? null : typeof(ConvertToInteger<,,>).MakeGenericType(source, result, integral.MakeGenericType(source)),
            (true, true, "rni" or "rzi" or "rmi" or "rpi") => source == result ? integral!.MakeGenericType(source) : null,
            (true, true, "rz") => IsNarrowing(source, result) ? typeof(NarrowToZero) : null,
            (true, true, "rm") => IsNarrowing(source, result) ? typeof(NarrowDown) : null,
            (true, true, "rp") => IsNarrowing(source, result) ? typeof(NarrowUp) : null,
            (_, _, null or "rn") => plain,
            _ => null,
        };
        return saturates && IsFloat(result) && conversion is not null
            ? typeof(SaturateFloat<,,>).MakeGenericType(source, result, conversion)
            : conversion;
    }

    private static bool IsFloat(Type type) => type == typeof(Half) || type == typeof(float) || type == typeof(double);

    private static bool IsNarrowing(Type source, Type result) => source == typeof(double) && result == typeof(float);
}
