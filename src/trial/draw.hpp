// Counts drawn from a Poisson or negative binomial distribution.
#pragma once

namespace assay {
class Random;
}

namespace assay::trial {

/// Mean `mean`, size `size` (variance mean + mean^2/size); size 0 stands for infinity: Poisson.
double draw_count(Random& random, double mean, double size);

} // namespace assay::trial
