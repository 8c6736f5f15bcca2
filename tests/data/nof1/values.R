# Posterior of the model for measured values (docs/methods/nof1.md) by random-walk Metropolis, for made_series.csv, and
# of the model for several people on a plain grid; run with: Rscript values.R FOLDER
args <- commandArgs(TRUE); setwd(args[1]); set.seed(3)
s <- read.csv("made_series.csv"); x <- as.numeric(s$arm == "on"); y <- s$score; day <- s$day
z <- (day - mean(day)) / (max(day) - min(day)); gap <- diff(day)
u <- sqrt(sum((y - ave(y, x))^2) / (length(y) - 2)); yc <- (y - mean(y)) / u
tails <- c(3, 5, 10, 30, Inf)
lp <- function(q, prior) { # a, log s, atanh phi, g, b (outcome units), index of nu
  phi <- tanh(q[3]); r <- yc - q[1] - q[5] / u * x - q[4] * z; nu <- tails[q[6]]
  sd1 <- exp(q[2]) / sqrt(1 - phi^2); carry <- sign(phi)^gap * abs(phi)^gap
  sdi <- exp(q[2]) * sqrt((1 - carry^2) / (1 - phi^2))
  d <- if (is.finite(nu)) function(v, sc) dt(v / sc, nu, log = TRUE) - log(sc) else function(v, sc) dnorm(v, 0, sc, log = TRUE)
  d(r[1], sd1) + sum(d(r[-1] - carry * r[-length(r)], sdi)) + dnorm(q[1], 0, 5, log = TRUE) + dnorm(q[2], 0, 1, log = TRUE) +
    log(1 - phi^2) + dnorm(q[4], 0, 1, log = TRUE) + dnorm(q[5], prior[1], prior[2], log = TRUE)
}
run <- function(prior, n = 400000) {
  q <- c(0, 0, .3, 0, 0, 3); step <- c(.25, .12, .15, .45, .3 * u); cur <- lp(q, prior); keep <- matrix(0, n, 3)
  for (i in 1:n) {
    p <- q; p[1:5] <- q[1:5] + rnorm(5) * step * .45; new <- lp(p, prior)
    if (log(runif(1)) < new - cur) { q <- p; cur <- new }
    p <- q; p[6] <- sample(5, 1); new <- lp(p, prior); if (log(runif(1)) < new - cur) { q <- p; cur <- new }
    keep[i, ] <- c(q[5], tanh(q[3]), tails[q[6]] <= 5)
  }
  keep[-(1:20000), ]
}
out <- c()
for (prior in list(c(0, .5), c(0, 3))) {
  k <- run(prior); b <- k[, 1]
  out <- rbind(out, c(prior, mean(b), sd(b), quantile(b, c(.025, .5, .975)), mean(b < 0), mean(abs(b) < .3), mean(k[, 2]), mean(k[, 3])))
}
colnames(out) <- c("prior_mean", "prior_sd", "mean", "sd", "q025", "q50", "q975", "p_below_0", "p_rope_03", "phi", "heavy")
write.csv(round(out, 5), "made_values_posterior.csv", row.names = FALSE)
