# Made data and answers of R for the named estimates; run with: Rscript estimates.R FOLDER
args <- commandArgs(TRUE); setwd(args[1]); library(nlme); options(digits = 10)
set.seed(11)
n <- 11; subj <- rep(1:n, each = 2); period <- rep(1:2, n); first <- rep(rbinom(n, 1, .5), each = 2)
first[1:2] <- 0; first[3:4] <- 1
arm <- ifelse((period == 1) == (first == 1), "drug", "placebo")
mu <- exp(rnorm(n, 2.2, .5))[subj] * ifelse(arm == "drug", .7, 1) * ifelse(period == 2, 1.2, 1)
cross <- data.frame(subject = paste0("s", subj), period, arm, attacks = rnbinom(2 * n, mu = mu, size = 6))
write.csv(cross, "made_crossover.csv", row.names = FALSE, quote = FALSE)
day <- setdiff(1:60, c(7, 8, 23, 41)); arms <- rep(c("on", "off", "off", "on"), each = 15)[day]
e <- as.numeric(arima.sim(list(ar = .5), 60))[day]
series <- data.frame(day, arm = arms, score = round(5 + .02 * day - .8 * (arms == "on") + e, 2))
write.csv(series, "made_series.csv", row.names = FALSE, quote = FALSE)
out <- NULL
add <- function(dataset, method, term, estimate = NA, se = NA, lower = NA, upper = NA, statistic = NA, df = NA, p = NA)
  out <<- rbind(out, data.frame(dataset, method, term, estimate, se, lower, upper, statistic, df, p, note = ""))
w <- reshape(cross, idvar = "subject", timevar = "period", direction = "wide")
d <- with(cross, tapply(ifelse(arm == "drug", attacks, -attacks), subject, sum))
t1 <- t.test(d); add("made_crossover", "paired_t", "drug minus placebo", mean(d), t1$stderr, t1$conf.int[1], t1$conf.int[2], t1$statistic, t1$parameter, t1$p.value)
half <- (w$attacks.1 - w$attacks.2) / 2
t2 <- t.test(half[w$arm.1 == "drug"], half[w$arm.1 == "placebo"], var.equal = TRUE)
add("made_crossover", "CROS_period_adjusted", "treatment", diff(rev(t2$estimate)), t2$stderr, t2$conf.int[1], t2$conf.int[2], t2$statistic, t2$parameter, t2$p.value)
k <- suppressWarnings(wilcox.test(half[w$arm.1 == "drug"], half[w$arm.1 == "placebo"]))
add("made_crossover", "Koch_rank_sum_on_half_diffs", "treatment", statistic = k$statistic, p = k$p.value)
a <- with(cross, sum(attacks[arm == "drug"])); b <- with(cross, sum(attacks[arm == "placebo"])); bt <- binom.test(a, a + b)
add("made_crossover", "conditional_poisson", "log RR", log(a / b), sqrt(1 / a + 1 / b), qlogis(bt$conf.int[1]), qlogis(bt$conf.int[2]), p = bt$p.value)
cross$drug <- as.numeric(cross$arm == "drug")
g <- summary(glm(attacks ~ drug + factor(period) + subject, poisson, cross))$coef["drug", ]
add("made_crossover", "poisson_fixed_subject", "log RR", g[1], g[2], statistic = g[3], p = g[4])
g <- summary(glm(attacks ~ drug + factor(period) + subject, quasipoisson, cross)); c1 <- g$coef["drug", ]
add("made_crossover", "quasipoisson_fixed_subject", "log RR", c1[1], c1[2], statistic = c1[3], df = g$df.residual, p = c1[4])
m <- summary(lme(attacks ~ drug + factor(period), random = ~1 | subject, cross))$tTable["drug", ]
add("made_crossover", "lmer_REML", "treatment", m[1], m[2], statistic = m[4], p = m[5])
o <- summary(lm(score ~ I(arm == "on"), series))$coef[2, ]
add("made_series", "OLS_daily_mean", "on minus off", o[1], o[2], statistic = o[3], df = nrow(series) - 2, p = o[4])
for (trend in c(FALSE, TRUE)) {
  f <- if (trend) score ~ I(arm == "on") + day else score ~ I(arm == "on")
  s <- summary(gls(f, series, correlation = corCAR1(form = ~day)))$tTable[2, ]
  add("made_series", if (trend) "gls_AR1_trend_REML" else "gls_AR1_REML", "on minus off", s[1], s[2], statistic = s[3], p = s[4])
}
on <- series$score[series$arm == "on"]; off <- series$score[series$arm == "off"]
add("made_series", "NAP(decrease)", "on minus off", mean(outer(off, on, function(a, b) (a > b) + .5 * (a == b))))
t3 <- t.test(on, off, var.equal = TRUE)
add("made_series", "two_sample_t", "on minus off", diff(rev(t3$estimate)), t3$stderr, t3$conf.int[1], t3$conf.int[2], t3$statistic, t3$parameter, t3$p.value)
add("made_series", "n_days", "n", nrow(series))
for (i in 4:10) out[, i] <- ifelse(is.na(out[, i]), "", formatC(out[, i], digits = 10, format = "g", flag = "#"))
write.csv(out, "made_estimates.csv", row.names = FALSE)
cat(R.version.string, "nlme", as.character(packageVersion("nlme")), "\n")
