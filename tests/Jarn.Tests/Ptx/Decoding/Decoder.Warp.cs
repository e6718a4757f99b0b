namespace Jarn.Tests.Ptx;

/// <summary>What the lanes of a warp do together.</summary>
internal sealed partial class Decoder
{
    private Instruction? DecodeWarp(Opcode opcode)
    {
        switch (opcode.Name)
        {
            case "shfl" when opcode.Take("sync"):
                string? direction = opcode.TakeOneOf("up", "down", "bfly", "idx");
                (Operand d, Operand? p) = Operand(0) is PairOperand pair ? (pair.First, pair.Second) : (Operand(0), null);
                int bytes = PtxType.Bytes(opcode.TakeType());
                return direction is null ? null : new Shuffle(direction, Destination(d, bytes), p is null ? null : Predicate(p),
                    Source(1, bytes), Source(2, sizeof(uint)), Source(3, sizeof(uint)), Source(4, sizeof(uint)));
            case "vote" when opcode.Take("sync"):
                string? mode = opcode.TakeOneOf("all", "any", "uni", "ballot");
                opcode.TakeType();
                return mode is null ? null
                    : new Vote(
                        mode, mode == "ballot" ? Destination(0, sizeof(uint)) : Predicate(Operand(0)), PredicateSource(1), Source(2, sizeof(uint)));
            case "activemask":
                opcode.TakeType();
                return new ActiveMask(Destination(0, sizeof(uint)));
            case "bar" when opcode.Take("warp"):
                return opcode.Take("sync") ? new SynchroniseWarp(Source(0, sizeof(uint))) : null;
            case "membar" or "fence":
                while (opcode.TakeOneOf("cta", "gl", "gpu", "sys", "sc", "acq_rel") is not null)
                {
                }
                return new Fence();
            case "mma":
                return DecodeMultiplyMatrices(opcode);
            case "ldmatrix":
                return DecodeLoadMatrices(opcode);
            default:
                return null;
        }
    }

    private MultiplyMatrices? DecodeMultiplyMatrices(Opcode opcode)
    {
        foreach (string modifier in new[] { "sync", "aligned", "m16n8k8", "row", "col", "f32", "tf32", "tf32", "f32" })
        {
            if (!opcode.Take(modifier))
            {
                return null;
            }
        }
        return new MultiplyMatrices(
            Fragment(0, 4, Destination), Fragment(1, 4, Source), Fragment(2, 2, Source), Fragment(3, 4, Source));
    }

    private LoadMatrices? DecodeLoadMatrices(Opcode opcode)
    {
        int count = opcode.TakeOneOf("x1", "x2", "x4") switch { "x1" => 1, "x2" => 2, "x4" => 4, _ => throw opcode.Unknown() };
        bool isTransposed = opcode.Take("trans");
        foreach (string modifier in new[] { "sync", "aligned", "m8n8", "shared", "b16" })
        {
            if (!opcode.Take(modifier))
            {
                return null;
            }
        }
        return new LoadMatrices(Fragment(0, count, Destination), AddressOf(1), isTransposed);
    }

    /// <summary>So many registers of 32 bits.</summary>
    private Register[] Fragment(int operand, int count, Func<Operand, int, Register> register)
    {
        Operand[] elements = Elements(Operand(operand));
        return elements.Length == count ? [.. elements.Select(element => register(element, sizeof(uint)))] : throw WrongSize(_statement.Text);
    }
}
