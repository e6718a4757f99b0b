using Jarn.Models;
using Jarn.Runner.Commands;
using Jarn.Runner.Evaluation;

namespace Jarn.Runner.Training;

/// <summary>What a recipe's values may be, whether options, a preset or a config.json gave them.</summary>
public static class RecipeLimits
{
    /// <summary>The recipe itself.</summary>
    /// <exception cref="UserErrorException">A value is out of range; the sentence names it as the option that gives it.</exception>
    public static Recipe Checked(this Recipe recipe)
    {
        if (recipe.Epochs is null == recipe.Steps is null)
        {
            throw new UserErrorException($"--epochs and --steps are {(recipe.Steps is null ? "both left out" : "both given")}: give one of them");
        }
        OptionValue.AtLeastOne("--epochs", recipe.Epochs ?? 1);
        OptionValue.AtLeastOne("--steps", recipe.Steps ?? 1);
        OptionValue.AtLeastOne("--batch-size", recipe.BatchSize);
        OptionValue.Defined("--optimiser", recipe.Optimiser);
        Rate("--learning-rate", recipe.LearningRate);
        OptionValue.RisingShares("--learning-rate-drops", recipe.LearningRateDrops);
        OptionValue.Within("--weight-decay", recipe.WeightDecay, 0, 1);
        OptionValue.Within("--epsilon", recipe.Epsilon, double.Epsilon, 1);
        OptionValue.Within("--lambda-adv", recipe.LambdaAdversarial, 0, 1e6);
        OptionValue.Within("--lambda-grad", recipe.LambdaGradient, 0, 1e6);
        OptionValue.AtLeastOne("--discriminator-widths", recipe.DiscriminatorWidths.DefaultIfEmpty(0).Min());
        OptionValue.AtLeastOne("--discriminator-interval", recipe.DiscriminatorInterval);
        Rate("--discriminator-learning-rate", recipe.DiscriminatorLearningRate);
        OptionValue.Within("--jarn-from", recipe.JarnFrom, 0, 1);
        OptionValue.Within("--jarn-learning-rate-factor", recipe.JarnLearningRateFactor, 0, 100);
        OptionValue.Defined("--jacobian", recipe.Jacobian);
        OptionValue.AtLeastOne("--training-attack-iterations", recipe.TrainingAttackIterations);
        OptionValue.Within("--epsilon-ramp", recipe.EpsilonRamp ?? 0, 0, 1);
        OptionValue.Within("--training-attack-step", recipe.TrainingAttackStepSize, double.Epsilon, 1);
        OptionValue.Defined("--augmentation", recipe.Augmentation);
        OptionValue.Within("--input-scale", recipe.InputScale, double.Epsilon, 1e6);
        OptionValue.AtLeastOne("--width", recipe.Width);
        OptionValue.Depth("--depth", recipe.Depth);
        if (recipe.Activation is Activation activation)
        {
            OptionValue.OneOf("--activation", OptionValue.Word(activation), Activations.OfClassifiers);
        }
        Check(recipe.Baselines ?? throw new UserErrorException("baselines is null"));
        AttackNames.Of(string.Join(',', recipe.Attacks));
        OptionValue.AtLeastOne("--limit-test", recipe.LimitTest ?? 1);
        return recipe;
    }

    private static void Check(BaselineRecipe baselines)
    {
        OptionValue.Within("--trades-beta", baselines.TradesBeta, 0, 1e6);
        OptionValue.AtLeastOne("--trades-iterations", baselines.TradesIterations);
        OptionValue.Within("--fast-step", baselines.FastStepFactor, double.Epsilon, 100);
        OptionValue.AtLeastOne("--free-replays", baselines.FreeReplays);
        OptionValue.Within("--lambda-jacobian", baselines.LambdaJacobian, 0, 1e6);
    }

    private static void Rate(string option, double value) => OptionValue.Within(option, value, double.Epsilon, 100);
}
